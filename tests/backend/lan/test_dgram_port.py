from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from backend.contract.lan import PortState
from backend.contract.lan_wiring import SWITCH_SOCKET
from backend.lan.dgram_port import DgramPort
from backend.lan.errors import ListenError
from tests.backend.lan.wires import Guest, frame, until


@asynccontextmanager
async def opened(run: Path, queue_frames: int = 256) -> AsyncIterator[tuple[DgramPort, list[bytes]]]:
    """A port, and what came in by it."""
    heard: list[bytes] = []
    port = DgramPort(1, "instance-0", run=run, queue_frames=queue_frames)
    port.open(lambda _port, data, _now_s: heard.append(data))
    try:
        yield port, heard
    finally:
        port.close()


async def test_frames_go_both_ways(runs: Path) -> None:
    guest = Guest(runs)
    async with opened(runs) as (port, heard):
        assert port.state is PortState.UP
        for number in range(100):
            guest.say(frame(1, payload=bytes([number])))
            await until(lambda: len(heard) > number, "the frame")  # noqa: B023 - used at once
        assert port.send(frame(2, 1))
        assert await guest.hear() == frame(2, 1)
    guest.die()


async def test_a_guest_that_starts_later_is_noticed_by_its_first_frame(runs: Path) -> None:
    async with opened(runs) as (port, heard):
        assert not port.connected
        assert not port.send(frame(2, 1))
        assert port.drops == {"down": 1}
        guest = Guest(runs)
        guest.say(frame(1))
        await until(lambda: heard, "the frame")
        assert port.state is PortState.UP
        guest.die()


async def test_a_guest_that_says_nothing_is_noticed_by_a_look(runs: Path) -> None:
    async with opened(runs) as (port, _):
        guest = Guest(runs)
        port.check()
        assert port.state is PortState.UP
        guest.die()
        port.check()
        assert not port.connected
        assert "not opened" in port.reason


async def test_a_guest_that_was_started_anew_gets_the_very_next_frame(runs: Path) -> None:
    async with opened(runs) as (port, heard):
        Guest(runs).die()
        old = Guest(runs)
        port.check()
        old.die()
        new = Guest(runs)
        assert port.send(frame(2, 1))
        assert await new.hear() == frame(2, 1)
        new.say(frame(1))
        await until(lambda: heard, "what the new guest says")
        new.die()


async def test_a_switch_that_was_killed_and_started_anew_is_heard_at_once(runs: Path) -> None:
    guest = Guest(runs)
    async with opened(runs):
        pass
    (runs / SWITCH_SOCKET).touch()
    async with opened(runs) as (port, heard):
        guest.say(frame(1))
        await until(lambda: heard, "the frame")
        assert port.send(frame(2, 1))
        assert await guest.hear() == frame(2, 1)
    guest.die()


async def test_a_guest_that_does_not_read_loses_its_own_frames_only(runs: Path) -> None:
    guest = Guest(runs)
    async with opened(runs, queue_frames=32) as (port, _):
        taken = sum(port.send(frame(2, 1, number.to_bytes(2))) for number in range(600))
        assert taken < 600
        assert port.drops == {"full": 600 - taken}
        heard: list[bytes] = []

        def all_came() -> bool:
            heard.extend(guest.heard())
            return len(heard) == taken

        await until(all_came, "all that was taken, in order")
        assert heard == [frame(2, 1, number.to_bytes(2)) for number in range(taken)]
        assert port.send(frame(2, 1))
        assert await guest.hear() == frame(2, 1)
    guest.die()


async def test_frames_that_wait_for_a_guest_that_dies_are_counted(runs: Path) -> None:
    guest = Guest(runs)
    async with opened(runs) as (port, _):
        taken = sum(port.send(frame(2, 1)) for _ in range(100))
        guest.die()
        await until(lambda: port.state is PortState.DOWN, "the end of the guest")
        assert 0 < port.drops["down"] < taken


async def test_a_directory_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(ListenError, match="Its directory must be there"):
        DgramPort(1, "instance-0", run=tmp_path / "missing").open(lambda *_: None)


async def test_closing_removes_the_socket(runs: Path) -> None:
    async with opened(runs):
        assert (runs / SWITCH_SOCKET).exists()
    assert not (runs / SWITCH_SOCKET).exists()
