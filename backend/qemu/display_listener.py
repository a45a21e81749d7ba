"""The display listener: pictures through shared memory (QEMU 9.2 and later) or as copies, into the screen."""

import logging
import mmap
import os
import socket
import struct
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from backend.qemu.cursor import MAX_CURSOR, Cursor
from backend.qemu.dbus_wire import Message
from backend.qemu.errors import DisplayError
from backend.qemu.listener import Listener
from backend.qemu.screen import Pixels, Screen

log = logging.getLogger(__name__)

LISTENER = "org.qemu.Display1.Listener"
UNIX_MAP = "org.qemu.Display1.Listener.Unix.Map"
MAX_SIDE_PX = 8192
MAX_PIXELS = 4096 * 4096

BGRX_FORMATS = frozenset({0x2002_0888, 0x2002_8888})
"""Pixman's x8r8g8b8 and a8r8g8b8: what QEMU converts every guest mode to, palettes and 16 bit included."""

_SCANOUT = struct.Struct("<IIIII")
_UPDATE = struct.Struct("<iiiiIII")
_SCANOUT_MAP = struct.Struct("<IIIIII")
_UPDATE_MAP = struct.Struct("<iiii")
_MOUSE_SET = struct.Struct("<iii")
_CURSOR_DEFINE = struct.Struct("<iiiiI")


class Layout(NamedTuple):
    """How a picture lies in memory; ``stride`` in bytes a row, the format a number of pixman's."""

    width: int
    height: int
    stride: int
    pixel_format: int


class DisplayListener(Listener):
    """Writes what QEMU shows into a :class:`Screen`; ``on_change`` is called after one or many changes."""

    interfaces = (UNIX_MAP,)

    def __init__(
        self, screen: Screen, sock: socket.socket, on_change: Callable[[], None], on_end: Callable[[Exception], None]
    ) -> None:
        super().__init__("guest display", sock, on_end)
        self._screen = screen
        self._on_change = on_change
        self._changed = False
        self._shared: Pixels | None = None
        self._cursor_pixels: Pixels | None = None
        self._hot_spot = (0, 0)
        self._cursor_place = (0, 0, False)
        self._handlers = {
            "UpdateMap": self._update_map,
            "Update": self._update,
            "ScanoutMap": self._scanout_map,
            "Scanout": self._scanout,
            "MouseSet": self._mouse_set,
            "CursorDefine": self._cursor_define,
            "Disable": self._disable,
        }

    def handle(self, message: Message) -> bool:
        """One call of the interfaces ``Listener`` and ``Listener.Unix.Map``."""
        handler = self._handlers.get(message.member)
        if handler is None:
            return False
        try:
            handler(message)
        finally:
            for fd in message.fds:
                os.close(fd)
        self._changed = True
        return True

    def settled(self) -> None:
        """Tell of what changed."""
        if self._changed:
            self._changed = False
            self._on_change()

    def clean_up(self) -> None:
        """Unmap the shared picture."""
        self._shared = None

    def _scanout(self, message: Message) -> None:
        *layout, _ = message.unpack(_SCANOUT)
        pixels = picture(message.array_at(16), 0, Layout(*layout))
        log.debug("the guest's picture of %d x %d pixels is copied", layout[0], layout[1])
        self._shared = None
        self._screen.resize(pixels.shape[1], pixels.shape[0])
        self._screen.put(0, 0, pixels)

    def _update(self, message: Message) -> None:
        x, y, width, height, stride, pixel_format, _ = message.unpack(_UPDATE)
        check_place(x, y, width, height)
        layout = Layout(width, height, stride, pixel_format)
        self._screen.put(x, y, picture(message.array_at(24), 0, layout))

    def _scanout_map(self, message: Message) -> None:
        index, offset, *layout = message.unpack(_SCANOUT_MAP)
        if index >= len(message.fds):
            raise DisplayError("QEMU announced a shared picture and sent no descriptor with it.")
        try:
            shared = mmap.mmap(message.fds[index], 0, mmap.MAP_SHARED, mmap.PROT_READ)
        except (OSError, ValueError) as error:
            raise DisplayError(f"The shared picture of QEMU cannot be mapped: {error}.") from error
        # numpy keeps the mapping alive as long as the array.
        if self._shared is None:
            log.info("the guest's picture is shared by memory")
        self._shared = picture(memoryview(shared), offset, Layout(*layout))
        self._screen.resize(self._shared.shape[1], self._shared.shape[0])
        self._screen.put(0, 0, self._shared)

    def _update_map(self, message: Message) -> None:
        x, y, width, height = message.unpack(_UPDATE_MAP)
        if self._shared is None:
            raise DisplayError("QEMU changed a shared picture that it has not sent.")
        check_place(x, y, width, height)
        # At once: the next refresh of QEMU writes into the same memory.
        band = self._shared[y : y + height, x : x + width]
        if band.size:
            self._screen.put(x, y, band)

    def _disable(self, _: Message) -> None:
        self._shared = None

    def _mouse_set(self, message: Message) -> None:
        x, y, visible = message.unpack(_MOUSE_SET)
        self._cursor_place = (x, y, bool(visible & 1))
        self._show_cursor()

    def _cursor_define(self, message: Message) -> None:
        width, height, hot_x, hot_y, _ = message.unpack(_CURSOR_DEFINE)
        data = message.array_at(16)
        if not (0 < width <= MAX_CURSOR and 0 < height <= MAX_CURSOR) or len(data) < width * height * 4:
            raise DisplayError(f"QEMU sent a cursor of {width} x {height} pixels in {len(data)} bytes.")
        self._cursor_pixels = np.frombuffer(data, np.uint8, width * height * 4).reshape(height, width, 4).copy()
        self._hot_spot = (hot_x, hot_y)
        self._show_cursor()

    def _show_cursor(self) -> None:
        x, y, visible = self._cursor_place
        if not visible or self._cursor_pixels is None:
            self._screen.set_cursor(None)
        else:
            self._screen.set_cursor(Cursor(self._cursor_pixels, x - self._hot_spot[0], y - self._hot_spot[1]))


def check_place(x: int, y: int, width: int, height: int) -> None:
    """Refuse a rectangle that no screen has.

    Raises:
        DisplayError: it lies outside of the largest picture.
    """
    fits = 0 <= x <= MAX_SIDE_PX and 0 <= y <= MAX_SIDE_PX and 0 < width <= MAX_SIDE_PX and 0 < height <= MAX_SIDE_PX
    if not fits or (x + width) * (y + height) > MAX_PIXELS:
        raise DisplayError(f"QEMU sent a change of {width} x {height} pixels at {x}, {y}.")


def picture(data: memoryview, offset: int, layout: Layout) -> Pixels:
    """A view of ``data`` as (height, width, 4) pixels.

    Raises:
        DisplayError: the size is absurd, the pixels are of another format, or the data is too short for them.
    """
    width, height, stride, pixel_format = layout
    if pixel_format not in BGRX_FORMATS:
        raise DisplayError(f"QEMU sends pixels of the format {pixel_format:#010x}; only x8r8g8b8 is known.")
    if not 0 < width <= MAX_SIDE_PX or not 0 < height <= MAX_SIDE_PX or width * height > MAX_PIXELS:
        raise DisplayError(f"QEMU sent a picture of {width} x {height} pixels.")
    needed = offset + stride * (height - 1) + width * 4
    if stride < width * 4 or needed > len(data):
        raise DisplayError(f"A picture of {width} x {height} pixels does not fit in {len(data)} bytes.")
    return np.ndarray((height, width, 4), np.uint8, data, offset, (stride, 4, 1))
