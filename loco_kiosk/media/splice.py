"""Short cuts, fades and patches in PCM that are not heard as such. Pure."""

import numpy as np
from numpy.typing import NDArray

Pcm = NDArray[np.int16]
"""Shape (n, 2), 48 kHz."""

FADE = 120
"""Sample frames of a fade: 2.5 ms, too short to hear, long enough not to click."""
_OVERLAP = 240
_LEAST_CUT = 120
"""One period of 400 Hz; shorter cuts find no place where a voice fits on itself."""


def shortened(pcm: Pcm, most: int) -> Pcm:
    """The piece with at most ``most`` sample frames less near its beginning, cut where it fits on itself best.

    Waveform similarity overlap-add (Verhelst and Roelands, 1993), once. Too short a piece comes back as it is.
    """
    most = min(most, len(pcm) - _OVERLAP)
    if most < _LEAST_CUT:
        return pcm
    mono = pcm[: most + _OVERLAP].sum(axis=1, dtype=np.float32)
    likeness = np.correlate(mono, mono[:_OVERLAP], "valid")[_LEAST_CUT:]
    energy = np.convolve(mono * mono, np.ones(_OVERLAP, np.float32), "valid")[_LEAST_CUT:]
    fit = np.maximum(likeness, 0.0) ** 2 / (energy + 1.0)
    # Of those that fit well the longest: a tone fits on itself at each of its periods.
    cut = _LEAST_CUT + int(np.flatnonzero(fit >= 0.97 * fit.max())[-1])
    rise = np.linspace(0, 1, _OVERLAP, dtype=np.float32)[:, None]
    seam = pcm[:_OVERLAP] * (1 - rise) + pcm[cut : cut + _OVERLAP] * rise
    return np.concatenate((seam.astype(np.int16), pcm[cut + _OVERLAP :]))


def faded_in(pcm: Pcm) -> Pcm:
    """A copy that begins softly."""
    made = pcm.copy()
    ramp = np.linspace(0, 1, FADE, dtype=np.float32)[: len(made), None]
    made[: len(ramp)] = (made[: len(ramp)] * ramp).astype(np.int16)
    return made


def ring_out(before: Pcm, silence: Pcm) -> None:
    """Let ``silence`` begin softly after ``before``, in place."""
    room = silence[:FADE]
    if len(before) and len(room):
        room[:] = (before[-1] * np.linspace(1, 0, FADE, dtype=np.float32)[: len(room), None]).astype(np.int16)


def patch(before: Pcm, length: int) -> Pcm:
    """Something to play for ``length`` lost sample frames after ``before``: it mirrored, which fits on, fading away."""
    mirrored = before[::-1]
    tiles = -(-length // max(1, len(mirrored)))
    made = np.concatenate([mirrored if tile % 2 == 0 else before for tile in range(tiles)])[:length]
    return (made * np.linspace(1, 0, length, dtype=np.float32)[:, None]).astype(np.int16)
