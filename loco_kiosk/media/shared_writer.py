"""The writing end of the shared wall: pictures go straight from the decoder's planes into a slot, as RGBA."""

from typing import NamedTuple

import numpy as np
from av.video.frame import VideoFrame

from loco_kiosk.media.audio_receiver import Pcm
from loco_kiosk.media.frames import FrameTiming
from loco_kiosk.media.shared_wall import (
    BEGAN,
    CAPTURED_US,
    DECODED_US,
    ENDED,
    HEIGHT_PX,
    LATEST,
    MAX_HEIGHT_PX,
    MAX_WIDTH_PX,
    PLACES,
    READING,
    RING_SAMPLES,
    SLOTS,
    SOUND_END,
    TENANCY,
    WIDTH_PX,
    SharedWall,
    place_at,
    slot_at,
)
from loco_kiosk.media.swscale import Converter


class _Kind(NamedTuple):
    """What a converter is made for."""

    width_px: int
    height_px: int
    format: str
    colorspace: int
    color_range: int


class PictureWriter:
    """Writes the pictures of all places. Threading: one thread; never waits."""

    def __init__(self, wall: SharedWall) -> None:
        self._wall = wall
        self._words = wall.words
        self._converters: dict[_Kind, Converter] = {}
        self._sequences = [0] * PLACES

    def write(self, place: int, tenancy: int, frame: VideoFrame, timing: FrameTiming) -> None:
        """Make ``frame`` the newest picture of a place, scaled down where it is larger than a slot.

        Raises:
            ScalerError: its format cannot be converted.
        """
        width, height = fitted(frame.width, frame.height)
        converter = self._converter(frame, width, height)
        slot = self._free_slot(place)
        at = slot_at(place, slot)
        self._sequences[place] = sequence = self._sequences[place] + 1
        words = self._words
        words[at + BEGAN] = sequence
        converter.convert(frame, self._wall.slot_pixels(place, slot, width, height))
        words[at + WIDTH_PX], words[at + HEIGHT_PX] = width, height
        words[at + CAPTURED_US], words[at + DECODED_US] = max(0, timing.captured_us or 0), timing.decoded_us
        words[at + TENANCY] = tenancy
        words[at + ENDED] = sequence
        words[place_at(place) + LATEST] = sequence * SLOTS + slot

    def _free_slot(self, place: int) -> int:
        base = place_at(place)
        newest = self._words[base + LATEST] % SLOTS if self._words[base + LATEST] else None
        busy = (newest, self._words[base + READING] - 1)
        return next(slot for slot in range(SLOTS) if slot not in busy)

    def _converter(self, frame: VideoFrame, width_px: int, height_px: int) -> Converter:
        kind = _Kind(frame.width, frame.height, frame.format.name, int(frame.colorspace), int(frame.color_range))
        if kind not in self._converters:
            if len(self._converters) >= PLACES:
                self._converters.clear()
            self._converters[kind] = Converter(frame, width_px, height_px)
        return self._converters[kind]


class SoundWriter:
    """Writes the sound of all places. Threading: one thread; never waits, the oldest is overwritten."""

    def __init__(self, wall: SharedWall) -> None:
        self._words = wall.words
        self._rings = [wall.ring(place) for place in range(PLACES)]

    def write(self, place: int, pcm: Pcm) -> None:
        """Append stereo sound, made mono: in the headset it comes from one point."""
        mono = mixed_down(pcm)[-RING_SAMPLES:]
        at = place_at(place) + SOUND_END
        end = self._words[at]
        ring, start = self._rings[place], end % RING_SAMPLES
        head = min(len(mono), RING_SAMPLES - start)
        ring[start : start + head] = mono[:head]
        ring[: len(mono) - head] = mono[head:]
        self._words[at] = end + len(mono)


def mixed_down(pcm: Pcm) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """The mean of both channels, which cannot overflow."""
    halves = pcm >> 1
    return halves[:, 0] + halves[:, 1]


def fitted(width_px: int, height_px: int) -> tuple[int, int]:
    """The size that a picture has in its slot: its own, or the largest of its proportions that fits."""
    scale = min(1.0, MAX_WIDTH_PX / width_px, MAX_HEIGHT_PX / height_px)
    return max(1, int(width_px * scale)), max(1, int(height_px * scale))
