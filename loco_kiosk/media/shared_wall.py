"""Pictures and sound of a wall in memory that two processes share: who writes which word, and where.

One process writes pictures and sound (:mod:`loco_kiosk.media.shared_writer`), one other reads them
(:mod:`loco_kiosk.media.shared_reader`). Neither ever waits for the other: a *place* has three picture slots, so that
beside the newest picture and the one that is being read there is always one to write; the newest wins.

The memory is a memfd (memfd_create(2)): it needs no name, no room under ``/dev/shm``, and goes with its last user.
Pages that nobody has touched cost nothing, so every place has room for the largest picture.

Words are 64 bit, native order, aligned, and each has one writer. A slot's ``began`` and ``ended`` carry the number of
the picture that was last begun and last finished there: where they differ, or change while it is read, the picture is
torn. Processors that reorder stores (not x86) can hide a torn picture for one frame; nothing worse.
"""

import fcntl
import mmap
import os
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.contract.errors import WireError

PLACES: Final = 32
SLOTS: Final = 3
MAX_WIDTH_PX: Final = 1024
MAX_HEIGHT_PX: Final = 768
"""Larger pictures are scaled down: a screen in a headset has no more pixels than this."""
RING_SAMPLES: Final = 65_536
"""1.4 s at 48 kHz, mono; a power of two, so that positions wrap without a seam."""

# Words of a place. Written by the writer:
LATEST: Final = 0
"""Sequence of the newest picture times :data:`SLOTS`, plus its slot; 0: none."""
SOUND_END: Final = 1
"""Samples written since the start; the ring holds the last :data:`RING_SAMPLES` of them."""
# Written by the reader:
READING: Final = 8
"""Slot that is being read, plus 1; 0: none. In a cache line of its own."""
# Words of a slot, written by the writer:
BEGAN: Final = 0
ENDED: Final = 1
WIDTH_PX: Final = 2
HEIGHT_PX: Final = 3
CAPTURED_US: Final = 4
"""0: not known."""
DECODED_US: Final = 5
TENANCY: Final = 6

_MAGIC: Final = int.from_bytes(b"LocoVR 1", "little")
_HEADER_WORDS: Final = mmap.PAGESIZE // 8
_PLACE_WORDS: Final = 64
_SLOTS_AT: Final = 16
_SLOT_WORDS: Final = 8
_CONTROL_BYTES: Final = (_HEADER_WORDS + PLACES * _PLACE_WORDS) * 8
_SLOT_BYTES: Final = MAX_WIDTH_PX * MAX_HEIGHT_PX * 4
_PICTURES_AT: Final = -(-_CONTROL_BYTES // mmap.PAGESIZE) * mmap.PAGESIZE
_RINGS_AT: Final = _PICTURES_AT + PLACES * SLOTS * _SLOT_BYTES
SIZE_BYTES: Final = _RINGS_AT + PLACES * RING_SAMPLES * 2


class SharedWall:
    """The memory, mapped into this process. Threading: any; see the module for who may write what."""

    def __init__(self, descriptor: int) -> None:
        """Map the memory behind ``descriptor``, which stays the caller's.

        Raises:
            WireError: it is no shared wall, or one of another version.
        """
        size = os.fstat(descriptor).st_size
        if size != SIZE_BYTES:
            raise WireError(
                f"The shared memory has {size} bytes instead of {SIZE_BYTES}: are both programs of one version?"
            )
        self._mapping = mmap.mmap(descriptor, SIZE_BYTES)
        self.words = memoryview(self._mapping)[:_CONTROL_BYTES].cast("Q")
        if self.words[0] not in (0, _MAGIC):
            raise WireError("The shared memory is no wall of pictures.")
        self.words[0] = _MAGIC

    def slot_pixels(self, place: int, slot: int, width_px: int, height_px: int) -> NDArray[np.uint8]:
        """The pixels of a slot as a view, shape (height, width, 4), RGBA, top row first, without gaps."""
        start = _PICTURES_AT + (place * SLOTS + slot) * _SLOT_BYTES
        flat = np.frombuffer(self._mapping, np.uint8, width_px * height_px * 4, start)
        return flat.reshape(height_px, width_px, 4)

    def ring(self, place: int) -> NDArray[np.int16]:
        """The sound of a place, mono, 48 kHz: sample number n is at n modulo :data:`RING_SAMPLES`."""
        return np.frombuffer(self._mapping, np.int16, RING_SAMPLES, _RINGS_AT + place * RING_SAMPLES * 2)


def create() -> int:
    """A new memfd of the right size, for :class:`SharedWall` and for another process to inherit; close it when done.

    Raises:
        OSError: the kernel has none to give.
    """
    descriptor = os.memfd_create("loco-wall", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(descriptor, SIZE_BYTES)
    # Nobody can cut it off under the other's feet, which would end that process by SIGBUS.
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
    return descriptor


def place_at(place: int) -> int:
    """Index of the first word of a place.

    Raises:
        IndexError: there is no such place.
    """
    if not 0 <= place < PLACES:
        raise IndexError(f"There is no place {place}.")
    return _HEADER_WORDS + place * _PLACE_WORDS


def slot_at(place: int, slot: int) -> int:
    """Index of the first word of a slot."""
    return place_at(place) + _SLOTS_AT + slot * _SLOT_WORDS
