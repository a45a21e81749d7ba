"""What the streamer needs of a guest: :class:`backend.qemu.guest.Guest` or :class:`synthetic.SyntheticGuest`."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from backend.contract.control import PointerMode
from backend.contract.keys import PhysicalKey
from backend.contract.status import GuestReport


class Damage(Protocol):
    """What changed on the screen since the last ``take()``."""

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """(height, width, 4) BGRX, valid in the changed rows; the guest may go on drawing in it."""

    @property
    def top(self) -> int:
        """First changed row."""

    @property
    def bottom(self) -> int:
        """Row after the last changed one."""

    @property
    def left(self) -> int:
        """First changed column."""

    @property
    def right(self) -> int:
        """Column after the last changed one."""

    @property
    def captured_us(self) -> int:
        """Monotonic time of the newest change."""

    @property
    def first_us(self) -> int:
        """Monotonic time of the oldest change."""

    @property
    def resized(self) -> bool:
        """The geometry differs from the damage before."""


class Screen(Protocol):
    """The guest's picture."""

    def take(self, *, whole: bool = False) -> Damage | None:
        """All changes since the last call, merged; None when there are none.

        Args:
            whole: the whole picture instead, with the time of the newest change there ever was; None before the first.
        """


class Sound(Protocol):
    """The guest's sound, 48 kHz stereo."""

    def want(self, frames: int) -> None:
        """Say how many new sample frames are worth a call."""

    @property
    def drops(self) -> dict[str, int]:
        """Lost sample frames by cause."""

    def take(self) -> NDArray[np.int16] | None:
        """All new sample frames, (n, 2)."""


class Guest(Protocol):
    """One emulated PC. Its calls are for the event loop and never block."""

    @property
    def screen(self) -> Screen:
        """Picture."""

    @property
    def sound(self) -> Sound:
        """Sound."""

    @property
    def pointer(self) -> PointerMode:
        """Whether it takes positions or movements just now."""

    @property
    def probe(self) -> tuple[int, int, int, int] | None:
        """Area that changes with every key press, where the guest has one."""

    @property
    def report(self) -> GuestReport:
        """State with its reason."""

    @property
    def drops(self) -> dict[str, int]:
        """Inputs that did not reach it, by cause."""

    async def run(self) -> None:
        """Attach, and attach again for ever, until cancelled."""

    def set_watched(self, watched: bool) -> None:
        """Whether anybody sees the picture. A guest may slow down or sleep while nobody does; it wakes at once."""

    def watch_closely(self, closely: bool) -> None:
        """Whether somebody wants every picture that the guest draws, up to 60 a second."""

    def key(self, key: PhysicalKey, down: bool) -> None:
        """Press or release a key."""

    def button(self, button: int, down: bool) -> None:
        """Press or release a mouse button, numbered as :data:`backend.contract.input.BUTTONS`."""

    def wheel(self, down: int, right: int) -> None:
        """Turn the wheel by steps."""

    def move_to(self, x: int, y: int) -> None:
        """Move the pointer to a place in guest pixels."""

    def move_by(self, dx: int, dy: int) -> None:
        """Move the pointer by guest pixels."""

    async def reset(self) -> None:
        """Back to the state after boot.

        Raises:
            LocoError: that is not possible just now.
        """

    async def restart(self) -> None:
        """Another emulator for the same guest, however stuck this one is.

        Raises:
            LocoError: that is not possible just now, or not from here.
        """
