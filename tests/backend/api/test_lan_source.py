import asyncio
import json
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from backend.api import lan_source
from backend.api.lan_source import LanAwayError, LanFailedError, LanOffError, LanSource
from backend.contract.errors import SettingsError
from backend.contract.lan import LanStatus
from tests.backend.fake_switch import STATUS, FakeSwitch


@pytest.fixture
def short() -> Iterator[Path]:
    """Sockets need a short path."""
    with tempfile.TemporaryDirectory(prefix="loco-") as directory:
        yield Path(directory)


@pytest.fixture
async def switch() -> AsyncIterator[FakeSwitch]:
    async with FakeSwitch().serving() as switch:
        yield switch


def read(body: bytes) -> LanStatus:
    return LanStatus.from_json(json.loads(body))


async def test_it_passes_on_what_the_switch_tells_over_tcp(switch: FakeSwitch) -> None:
    async with LanSource(switch.address) as source:
        assert not source.up
        assert read(await source.body()) == STATUS
        assert source.up


async def test_it_passes_on_what_the_switch_tells_over_a_unix_socket(short: Path) -> None:
    async with FakeSwitch().serving(short / "http") as switch, LanSource(switch.address) as source:
        assert read(await source.body()) == STATUS


async def test_many_askers_are_one_question(switch: FakeSwitch, monkeypatch: pytest.MonkeyPatch) -> None:
    async with LanSource(switch.address) as source:
        await asyncio.gather(*(source.body() for _ in range(50)))
        assert switch.asked == source.asked == 1
        monkeypatch.setattr(lan_source, "FRESH_S", 0.0)
        await source.body()
        assert switch.asked == 2


async def test_fields_of_a_newer_switch_do_not_pass(switch: FakeSwitch) -> None:
    switch.document = STATUS.to_json() | {"colour": "red"}
    async with LanSource(switch.address) as source:
        assert "colour" not in json.loads(await source.body())


async def test_where_there_is_no_switch_it_says_how_to_have_one() -> None:
    async with LanSource() as source:
        with pytest.raises(LanOffError, match="enabled = true") as caught:
            await source.body()
        assert (caught.value.status, source.asked) == (404, 0)


async def test_a_switch_that_is_away_is_said_and_asked_again(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with LanSource(str(short / "http")) as source:
        for _ in range(3):
            with pytest.raises(LanAwayError, match="does not answer"):
                await source.body()
        assert (source.asked, source.failed, source.up) == (1, 1, False)
        monkeypatch.setattr(lan_source, "FRESH_S", 0.0)
        async with FakeSwitch().serving(short / "http"):
            assert read(await source.body()) == STATUS
            assert source.up
        with pytest.raises(LanAwayError):
            await source.body()
        assert not source.up


async def test_a_switch_that_is_silent_counts_as_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lan_source, "TIMEOUT_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        async with LanSource(f"127.0.0.1:{deaf.getsockname()[1]}") as source:
            with pytest.raises(LanAwayError):
                await source.body()


@pytest.mark.parametrize(
    ("status", "document", "words"),
    [
        (500, {}, "answered 500"),
        (200, ["a list"], "must be a JSON object"),
        (200, STATUS.to_json() | {"version": 99}, "protocol 99"),
        (200, STATUS.to_json() | {"rooms": [{}]}, "'name' is missing"),
    ],
)
async def test_a_bad_answer_is_the_switches_fault(
    switch: FakeSwitch, status: int, document: object, words: str
) -> None:
    switch.status, switch.document = status, document
    async with LanSource(switch.address) as source:
        with pytest.raises(LanFailedError, match=words):
            await source.body()


async def test_an_answer_without_end_is_not_read_to_its_end(
    switch: FakeSwitch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lan_source, "MAX_BYTES", 1000)
    switch.document = STATUS.to_json() | {"padding": "x" * 2000}
    async with LanSource(switch.address) as source:
        with pytest.raises(LanFailedError, match="more than any"):
            await source.body()


def test_an_address_that_is_none_stops_the_start() -> None:
    with pytest.raises(SettingsError, match="'lan' must be an address"):
        LanSource("8482")
