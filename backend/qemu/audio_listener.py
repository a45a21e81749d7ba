"""The audio listener: PCM from QEMU into the sound buffer."""

import logging
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass

from backend.qemu.dbus_wire import Message
from backend.qemu.listener import Listener
from backend.qemu.sound import CHANNELS, FRAME_BYTES, RATE_HZ, Sound

log = logging.getLogger(__name__)

AUDIO_OUT_LISTENER = "org.qemu.Display1.AudioOutListener"
KNOWN_MEMBERS = frozenset({"SetEnabled", "SetVolume", "Fini"})
"""Accepted and ignored: QEMU mixes the volume itself, and enables and disables at each beep."""

_INIT = struct.Struct("<QB3xIIIB3xIII")
_WRITE_DATA_AT = 8


@dataclass(frozen=True, slots=True)
class Format:
    """What QEMU is about to send."""

    bits: int
    signed: bool
    floating: bool
    rate_hz: int
    channels: int
    big_endian: bool

    @property
    def usable(self) -> bool:
        """Whether it is the one format that :class:`Sound` holds; our command line asks QEMU for it."""
        return self == Format(16, True, False, RATE_HZ, CHANNELS, False)


class AudioListener(Listener):
    """Writes what QEMU plays into a :class:`Sound`; ``on_sound`` is called when there is enough of it."""

    def __init__(
        self, sound: Sound, sock: socket.socket, on_sound: Callable[[], None], on_end: Callable[[Exception], None]
    ) -> None:
        super().__init__("guest audio", sock, on_end)
        self._sound = sound
        self._on_sound = on_sound
        self._enough = False
        self._format: Format | None = None

    def handle(self, message: Message) -> bool:
        """One call of the interface ``AudioOutListener``."""
        if message.member == "Write":
            self._write(message)
        elif message.member == "Init":
            self._init(message)
        else:
            return message.member in KNOWN_MEMBERS
        return True

    def settled(self) -> None:
        """Tell of it when there is enough."""
        if self._enough:
            self._enough = False
            self._on_sound()

    def _init(self, message: Message) -> None:
        _, bits, signed, floating, rate_hz, channels, _, _, big_endian = message.unpack(_INIT)
        self._format = Format(bits, bool(signed), bool(floating), rate_hz, channels, bool(big_endian))
        if not self._format.usable:
            log.warning("QEMU sends sound as %s, which is not read: give it out.frequency=48000", self._format)

    def _write(self, message: Message) -> None:
        data = message.array_at(_WRITE_DATA_AT)
        if self._format is not None and not self._format.usable:
            self._sound.drop("format", len(data) // FRAME_BYTES)
            return
        self._enough |= self._sound.put(data)
