import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.discovery.errors import InstancesFileError
from backend.discovery.source import Remove, SourceEvent, Synced, Unavailable, Upsert
from backend.discovery.static_file import StaticFile, read_instances

ONE = '[[instances]]\nid = "instance-0"\naddress = "192.0.2.1"\nport = 8081\n'
TWO = ONE + '[[instances]]\nid = "instance-4"\nname = "Depot"\naddresses = ["192.0.2.2", "2001:db8::2"]\nport = 8082\n'


def write(path: Path, text: str) -> None:
    """Replace the file in one step, as editors do."""
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    os.replace(fresh, path)


async def take(events: AsyncIterator[SourceEvent], count: int) -> list[SourceEvent]:
    async with asyncio.timeout(20):
        return [await anext(events) for _ in range(count)]


async def until_kind(events: AsyncIterator[SourceEvent], kind: type[SourceEvent]) -> SourceEvent:
    async with asyncio.timeout(20):
        async for event in events:
            if isinstance(event, kind):
                return event
    raise AssertionError("the source ended")


def test_toml_and_json_say_the_same(tmp_path: Path) -> None:
    toml, plain = tmp_path / "wall.toml", tmp_path / "wall.json"
    toml.write_text(TWO)
    rows = [
        {"id": "instance-0", "address": "192.0.2.1", "port": 8081},
        {"id": "instance-4", "name": "Depot", "addresses": ["192.0.2.2", "2001:db8::2"], "port": 8082},
    ]
    plain.write_text(json.dumps(rows))
    assert read_instances(toml) == read_instances(plain)
    plain.write_text(json.dumps({"instances": rows}))
    found = read_instances(plain)
    assert [(item.slot, item.name) for item in found.values()] == [(0, "PC 1"), (4, "Depot")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("instances = 3", "write [[instances]]"),
        ("[[instances]]\nid = 1", "'id' must be a string"),
        ('[[instances]]\nid = "a"\naddress = "x"\nport = 1', "does not end in"),
        ('[[instances]]\nid = "a-1"\nport = 1', "needs address"),
        ('[[instances]]\nid = "a-1"\naddress = "x"\nport = 70000', "from 1 to 65535"),
        (ONE + ONE, "id instance-0 twice"),
        (ONE + ONE.replace("instance-0", "other-0"), "slot 0 twice"),
        ("instances = [3]", "must be a table"),
        ("[[[", "not valid TOML"),
    ],
)
def test_a_wrong_file_is_answered_with_what_to_write(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "wall.toml"
    path.write_text(text)
    with pytest.raises(InstancesFileError, match=r"wall\.toml") as caught:
        read_instances(path)
    assert words in str(caught.value)


@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_garbage_is_never_more_than_a_clear_error(tmp_path: Path, garbage: bytes) -> None:
    for name in ("wall.toml", "wall.json"):
        path = tmp_path / name
        path.write_bytes(garbage)
        try:
            read_instances(path)
        except InstancesFileError as error:
            assert name in str(error)


async def test_changes_of_the_file_become_events(tmp_path: Path) -> None:
    path = tmp_path / "wall.toml"
    path.write_text(ONE)
    async with aclosing(StaticFile(path, poll_s=0.02).watch()) as events:
        first, synced = await take(events, 2)
        assert isinstance(first, Upsert)
        assert synced == Synced(frozenset({"instance-0"}))
        write(path, TWO)
        added = await until_kind(events, Upsert)
        assert isinstance(added, Upsert)
        assert added.sighting.addresses == ("192.0.2.2", "2001:db8::2")
        write(path, ONE)
        assert await until_kind(events, Remove) == Remove("instance-4")


async def test_a_bad_file_keeps_the_last_good_list_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "wall.toml"
    path.write_text(ONE)
    async with aclosing(StaticFile(path, poll_s=0.02).watch()) as events:
        await take(events, 2)
        write(path, "[[[")
        trouble = await until_kind(events, Unavailable)
        assert isinstance(trouble, Unavailable)
        assert "last good list" in trouble.reason
        write(path, ONE)
        assert await take(events, 1) == [Synced(frozenset({"instance-0"}))]


async def test_a_file_that_is_not_there_yet_may_come(tmp_path: Path) -> None:
    path = tmp_path / "wall.toml"
    async with aclosing(StaticFile(path, poll_s=0.02).watch()) as events:
        assert isinstance((await take(events, 1))[0], Unavailable)
        write(path, ONE)
        assert isinstance(await until_kind(events, Upsert), Upsert)


async def test_refresh_returns_when_the_consumer_has_what_was_found(tmp_path: Path) -> None:
    path = tmp_path / "wall.toml"
    path.write_text(ONE)
    source = StaticFile(path, poll_s=60)
    seen: list[SourceEvent] = []

    async def consume() -> None:
        async for event in source.watch():
            seen.append(event)  # noqa: PERF401 - the loop never ends

    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        consumer = tasks.create_task(consume())
        await source.refresh()
        write(path, TWO)
        await source.refresh()
        assert Synced(frozenset({"instance-0", "instance-4"})) in seen
        consumer.cancel()
