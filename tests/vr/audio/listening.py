"""What an ear hears of a loopback device."""

import math

import numpy as np
from numpy.typing import NDArray

from vr.audio.spatial import SpatialSound

PIECE = 960
"""Samples of 20 ms: one packet."""
Ears = NDArray[np.float32]


def noise(pieces: int, seed: int = 1) -> NDArray[np.int16]:
    return np.random.default_rng(seed).integers(-8_000, 8_000, pieces * PIECE).astype(np.int16)


def tone(pieces: int, frequency_hz: float = 440.0) -> NDArray[np.int16]:
    return (8_000 * np.sin(np.arange(pieces * PIECE) * 2 * np.pi * frequency_hz / 48_000)).astype(np.int16)


def play(sound: SpatialSound, samples: NDArray[np.int16], place: int = 0) -> Ears:
    """Push and hear piece by piece, as a frame loop does."""
    heard = []
    for start in range(0, len(samples), PIECE):
        sound.push(place, samples[start : start + PIECE])
        sound.pump(start / 48_000)
        heard.append(sound.render(PIECE))
    return np.concatenate(heard)


def level_db(heard: Ears) -> float:
    return 10 * math.log10(max(float(np.mean(heard**2)), 1e-12))


def level_difference_db(heard: Ears) -> float:
    """Left over right."""
    return level_db(heard[:, 0]) - level_db(heard[:, 1])


def lag(heard: Ears, longest: int = 60) -> int:
    """Samples by which the right ear hears later than the left."""
    left, right = heard[:, 0], heard[:, 1]
    middle = slice(longest, len(left) - longest)
    fits = [float(left[middle] @ right[longest + k : len(right) - longest + k]) for k in range(-longest, longest)]
    return int(np.argmax(fits)) - longest
