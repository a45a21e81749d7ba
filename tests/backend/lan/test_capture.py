import asyncio

import pytest

from backend.lan import capture as capture_module
from backend.lan.capture import Capture
from backend.lan.room import Room
from tests.backend.lan.wires import Ear, captured, frame


async def written(capture: Capture) -> list[bytes]:
    """Everything, read back by scapy."""
    capture.end()
    data = b"".join([chunk async for chunk in capture.chunks()])
    return [frame for frame, _ in captured(data)]


def lan() -> tuple[Room, list[Ear]]:
    room, ports = Room("lan"), [Ear(number) for number in (1, 2, 3)]
    for port in ports:
        room.add(port)
    return room, ports


async def test_a_ports_capture_has_both_ways_and_no_others() -> None:
    room, ports = lan()
    with Capture(room, [ports[0]], both_ways=True) as capture:
        room.forward(ports[0], frame(1, payload=b"from"), 1.0)
        room.forward(ports[1], frame(2, 1, b"to"), 1.0)
        room.forward(ports[1], frame(2, 3, b"for the third, whom nobody knows"), 1.0)
        room.forward(ports[2], frame(3, 2, b"past"), 1.0)
        assert await written(capture) == [
            frame(1, payload=b"from"),
            frame(2, 1, b"to"),
            frame(2, 3, b"for the third, whom nobody knows"),
        ]


async def test_a_rooms_capture_has_each_frame_once() -> None:
    room, ports = lan()
    with Capture(room, ports, both_ways=False) as capture:
        room.forward(ports[0], frame(1), 1.0)
        room.forward(ports[1], frame(2), 1.0)
        assert await written(capture) == [frame(1), frame(2)]


async def test_a_slow_reader_misses_frames_and_the_switch_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture_module, "QUEUE_BYTES", 300)
    room, ports = lan()
    with Capture(room, ports, both_ways=False) as capture:
        for _ in range(10):
            room.forward(ports[0], frame(1), 1.0)
        assert 0 < capture.missed < 10
        assert len(await written(capture)) == 10 - capture.missed
    assert len(ports[1].heard) == 10


async def test_frames_come_while_the_capture_runs() -> None:
    room, ports = lan()
    with Capture(room, ports, both_ways=False) as capture:
        chunks = capture.chunks()
        assert (await anext(chunks)).startswith(b"\x0a\x0d\x0d\x0a")
        asyncio.get_running_loop().call_soon(room.forward, ports[0], frame(1), 1.0)
        async with asyncio.timeout(5):
            assert frame(1) in await anext(chunks)


def test_a_capture_that_ended_costs_nothing() -> None:
    async def once() -> Room:
        room, ports = lan()
        with Capture(room, ports, both_ways=True):
            assert room.taps
        return room

    assert not asyncio.run(once()).taps
