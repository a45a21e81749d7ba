"""Errors of the sound of the headset.

VrError
└── NoSoundError   there is no OpenAL, or no device to play on; the wall goes on in silence and says so
"""

from vr.errors import VrError


class NoSoundError(VrError):
    """Nothing can be heard; the text says why and what helps."""
