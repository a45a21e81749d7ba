import asyncio
import io
from pathlib import Path

import pytest

from backend.lan.addresses import Address
from backend.lan.capture_client import CaptureError, copy
from backend.lan.http import application, serving
from backend.lan.settings import CaptureSettings, LanSettings
from backend.lan.switch import Switch
from tests.backend.lan.wires import Ear, captured, frame, until


async def test_a_capture_is_copied_for_so_many_seconds(runs: Path) -> None:
    switch, port, output = Switch(LanSettings()), Ear(1), io.BytesIO()
    room = switch.rooms["lan"].room
    room.add(port)
    path = str(runs / "http.sock")
    async with serving(application(switch), Address(path=path)), asyncio.TaskGroup() as tasks:
        tasks.create_task(copy(CaptureSettings(port=1, http=path, seconds=1.0), output))
        await until(lambda: room.taps, "the tap")
        room.forward(port, frame(1), 1.0)
    assert [seen for seen, _ in captured(output.getvalue())] == [frame(1)]


async def test_it_ends_with_the_switch() -> None:
    switch = Switch(LanSettings())
    async with asyncio.TaskGroup() as tasks, serving(application(switch), Address("127.0.0.1", 0)) as url:
        settings = CaptureSettings(http=url.removeprefix("http://"), room="lan")
        tasks.create_task(copy(settings, io.BytesIO()))
        await until(lambda: switch.rooms["lan"].room.taps, "the tap")


async def test_why_there_is_no_capture_is_told(runs: Path) -> None:
    path = str(runs / "http.sock")
    with pytest.raises(CaptureError, match="does not answer"):
        await copy(CaptureSettings(http=path), io.BytesIO())
    async with serving(application(Switch(LanSettings())), Address(path=path)):
        with pytest.raises(CaptureError, match="no port '7'"):
            await copy(CaptureSettings(http=path, port=7), io.BytesIO())
