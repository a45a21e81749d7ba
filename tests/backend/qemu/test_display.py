"""Attaching to the display of a real QEMU, and one that answers with nonsense."""

import asyncio
import socket
import struct
from pathlib import Path

import pytest

from backend.contract.status import GuestState
from backend.contract.tasks import TaskScope
from backend.qemu.dbus_connection import DbusConnection
from backend.qemu.dbus_wire import FieldCode, Kind, encode
from backend.qemu.display import Display, attach
from backend.qemu.errors import DisplayError
from backend.qemu.monitor import connect
from backend.qemu.run_directory import RunDirectory
from backend.qemu.screen import Screen
from backend.qemu.settings import GuestSettings
from tests.backend.qemu.conftest import Machine
from tests.backend.qemu.test_dbus_connection import authenticate, connected, read_call


@pytest.mark.parametrize(
    ("body", "absolute"),
    [(b"\1b\0\0" + struct.pack("<I", 1), True), (b"\1b\0\0" + struct.pack("<I", 0), False), (b"\1s\0\0", None)],
)
async def test_the_mouse_says_whether_it_takes_positions(body: bytes, absolute: bool | None) -> None:
    async def server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await authenticate(reader, writer)
        call = await read_call(reader)
        assert b"IsAbsolute" in bytes(call.body)
        writer.write(encode(Kind.RETURN, 1, {FieldCode.REPLY_SERIAL: call.serial}, body))

    async with connected(server) as connection:
        await connection.open()
        tasks = TaskScope("serve")
        tasks.spawn(connection.serve(), "serve")
        if absolute is None:
            with pytest.raises(DisplayError, match="not a boolean"):
                await Display(connection).is_absolute()
        else:
            assert await Display(connection).is_absolute() is absolute
        await tasks.close()


async def test_inputs_to_a_display_that_is_gone_are_reported_as_not_sent() -> None:
    ours, theirs = socket.socketpair()
    connection = DbusConnection(ours, lambda _: None)
    display = Display(connection)
    assert not display.key(30, True)
    assert not display.button(0, True)
    assert not display.move_to(1, 2)
    assert not display.move_by(-1, 2)
    connection.close()
    theirs.close()


@pytest.mark.qemu
async def test_a_display_shows_pictures_and_breaks_with_its_qemu(short_directory: Path) -> None:
    machine = Machine(short_directory, GuestSettings())
    tasks = TaskScope("test")
    tasks.spawn(machine.emulator.run(), "emulator")
    await machine.until(lambda: machine.emulator.report.state is GuestState.RUNNING, "QEMU runs")
    screen, arrived = Screen(), asyncio.Event()
    async with connect(RunDirectory(short_directory / "run").stream) as monitor:
        attached = attach(
            monitor, screen=screen, sound=None, on_picture=arrived.set, on_sound=arrived.set, on_mouse_mode=arrived.set
        )
        async with attached as (display, broken):
            await asyncio.wait_for(arrived.wait(), 5)
            assert screen.take() is not None
            assert display.key(30, True)
            assert display.key(30, False)
            await machine.emulator.restart()
            with pytest.raises(DisplayError):
                await asyncio.wait_for(broken, 5)
    await tasks.close()
