"""QEMU's D-Bus display of one run: attaching, listeners for picture and sound, keyboard and mouse."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from backend.contract.tasks import TaskScope
from backend.qemu.audio_listener import AudioListener
from backend.qemu.dbus_connection import DbusConnection, Method
from backend.qemu.dbus_wire import Message, string_body
from backend.qemu.display_listener import DisplayListener
from backend.qemu.errors import DisplayError
from backend.qemu.listener import PROPERTIES, Listener
from backend.qemu.monitor import Monitor
from backend.qemu.screen import Screen
from backend.qemu.sound import Sound

_CONSOLE = "/org/qemu/Display1/Console_0"
_AUDIO = "/org/qemu/Display1/Audio"
MOUSE = "org.qemu.Display1.Mouse"

REGISTER_DISPLAY = Method(_CONSOLE, "org.qemu.Display1.Console", "RegisterListener", "h")
REGISTER_AUDIO = Method(_AUDIO, "org.qemu.Display1.Audio", "RegisterOutListener", "h")
KEY = {
    down: Method(_CONSOLE, "org.qemu.Display1.Keyboard", member, "u")
    for down, member in ((True, "Press"), (False, "Release"))
}
BUTTON = {down: Method(_CONSOLE, MOUSE, member, "u") for down, member in ((True, "Press"), (False, "Release"))}
MOVE_TO = Method(_CONSOLE, MOUSE, "SetAbsPosition", "uu")
MOVE_BY = Method(_CONSOLE, MOUSE, "RelMotion", "ii")
GET_PROPERTY = Method(_CONSOLE, PROPERTIES, "Get", "ss")

_U32 = struct.Struct("<I")
_TWO_U32 = struct.Struct("<II")
_TWO_I32 = struct.Struct("<ii")
_BOOLEAN_VARIANT = b"\x01b\x00\x00"
"""Signature of a variant that holds a boolean, and the padding before it."""


class Display:
    """An attached display. Threading: event loop only."""

    def __init__(self, connection: DbusConnection) -> None:
        self._connection = connection

    def key(self, qnum: int, down: bool) -> bool:
        """Press or release a key by QEMU's number; False when it cannot be sent. So with all of the input calls."""
        return self._connection.send(KEY[down], _U32.pack(qnum))

    def button(self, number: int, down: bool) -> bool:
        """Press or release a mouse button by QEMU's number."""
        return self._connection.send(BUTTON[down], _U32.pack(number))

    def move_to(self, x: int, y: int) -> bool:
        """Position in pixels of the picture."""
        return self._connection.send(MOVE_TO, _TWO_U32.pack(x, y))

    def move_by(self, dx: int, dy: int) -> bool:
        """Relative movement."""
        return self._connection.send(MOVE_BY, _TWO_I32.pack(dx, dy))

    async def is_absolute(self) -> bool:
        """Whether the guest's driver takes positions.

        Raises:
            DisplayError: QEMU is gone, or its answer makes no sense.
        """
        answer = await self._connection.call(GET_PROPERTY, string_body(MOUSE, "IsAbsolute"))
        if len(answer.body) != 8 or bytes(answer.body[:4]) != _BOOLEAN_VARIANT:
            raise DisplayError(f"IsAbsolute of QEMU's mouse is {bytes(answer.body[:16]).hex()}, not a boolean.")
        return bool(_U32.unpack_from(answer.body, 4)[0])


@asynccontextmanager
async def attach(
    monitor: Monitor,
    *,
    screen: Screen,
    sound: Sound | None,
    on_picture: Callable[[], None],
    on_sound: Callable[[], None],
    on_mouse_mode: Callable[[], None],
) -> AsyncIterator[tuple[Display, "asyncio.Future[None]"]]:
    """Attach to the display behind ``monitor``; the future fails with a DisplayError when the attachment breaks.

    ``on_picture`` and ``on_sound`` are called for any number of changes that arrived together.

    Raises:
        DisplayError: QEMU does not speak as expected.
        MonitorError: QEMU refused, or is gone.
    """
    broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def end(error: Exception) -> None:
        if not broken.done():
            broken.set_exception(error)

    def on_signal(message: Message) -> None:
        if message.member == "PropertiesChanged" and MOUSE.encode() in bytes(message.body):
            on_mouse_mode()

    listeners: list[Listener] = []
    tasks = TaskScope("display")
    connection = DbusConnection(await _socket_to_display(monitor), on_signal)
    try:
        await connection.open()
        tasks.spawn(_serve(connection, end), "D-Bus connection")
        # The display comes last: with it QEMU calls at once, and may not wait for the sound meanwhile.
        if sound is not None:
            ours, theirs = socket.socketpair()
            listeners.append(AudioListener(sound, ours, on_sound, end))
            await _register(connection, listeners[-1], theirs, REGISTER_AUDIO)
        ours, theirs = socket.socketpair()
        listeners.append(DisplayListener(screen, ours, on_picture, end))
        await _register(connection, listeners[-1], theirs, REGISTER_DISPLAY)
        yield Display(connection), broken
    finally:
        await tasks.close()
        for listener in listeners:
            listener.close()
        connection.close()
        broken.cancel()
        if broken.done() and not broken.cancelled():
            broken.exception()  # seen: asyncio would otherwise complain of an error that nobody looked at


async def _socket_to_display(monitor: Monitor) -> socket.socket:
    """Give QEMU one end of a socket pair; on the other it serves D-Bus, peer to peer."""
    ours, theirs = socket.socketpair()
    try:
        with theirs:
            monitor.send_descriptor(theirs.fileno())
            await monitor.execute("getfd", {"fdname": "loco-display"})
            await monitor.execute("add_client", {"protocol": "@dbus-display", "fdname": "loco-display"})
    except BaseException:
        ours.close()
        raise
    return ours


async def _register(connection: DbusConnection, listener: Listener, theirs: socket.socket, method: Method) -> None:
    listener.start()
    with theirs:
        await connection.call(method, _U32.pack(0), (theirs.fileno(),))


async def _serve(connection: DbusConnection, end: Callable[[Exception], None]) -> None:
    try:
        await connection.serve()
    except DisplayError as error:
        end(error)
