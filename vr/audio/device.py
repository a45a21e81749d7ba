"""Where the sound comes out: a device of the machine, or memory, for tests."""

import ctypes
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vr.audio import openal
from vr.audio.errors import NoSoundError

SAMPLE_RATE_HZ = 48_000


class Device:
    """An open device with its context made current. ``hrtf`` tells whether the head-related filters are on.

    One a process: OpenAL knows one current context.
    """

    def __init__(self, library: Any, handle: int, attributes: dict[int, int]) -> None:  # noqa: ANN401 - see openal.load
        self._library = library
        self._handle = handle
        flat = [part for pair in attributes.items() for part in pair]
        self._context = library.alcCreateContext(handle, (ctypes.c_int * (len(flat) + 1))(*flat, 0))
        if not self._context or not library.alcMakeContextCurrent(self._context):
            self.close()
            raise NoSoundError("No sound: the sound device was found, but could not be set up.")
        self.hrtf = bool(self._integer(openal.ALC_HRTF_SOFT))
        self.name = (library.alcGetString(handle, openal.ALC_ALL_DEVICES_SPECIFIER) or b"").decode(errors="replace")

    @property
    def connected(self) -> bool:
        """Whether the device is still there; a lost one never comes back by itself."""
        return bool(self._integer(openal.ALC_CONNECTED))

    def close(self) -> None:
        """Fall silent; sources and buffers of the context are gone with it."""
        self._library.alcMakeContextCurrent(None)
        if self._context:
            self._library.alcDestroyContext(self._context)
        self._library.alcCloseDevice(self._handle)

    def _integer(self, name: int) -> int:
        value = ctypes.c_int()
        self._library.alcGetIntegerv(self._handle, name, 1, ctypes.byref(value))
        return value.value


class LoopbackDevice(Device):
    """Renders into memory as fast as it is asked, with the same mixer and filters."""

    def __init__(self, library: Any) -> None:  # noqa: ANN401 - see openal.load
        opener = openal.extension(library, "alcLoopbackOpenDeviceSOFT", ctypes.c_void_p, ctypes.c_char_p)
        samples = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
        self._render = openal.extension(library, "alcRenderSamplesSOFT", None, *samples)
        form = {
            openal.ALC_FORMAT_CHANNELS_SOFT: openal.ALC_STEREO_SOFT,
            openal.ALC_FORMAT_TYPE_SOFT: openal.ALC_FLOAT_SOFT,
        }
        super().__init__(library, opener(None), form | _WISHES)

    def render(self, frames: int) -> NDArray[np.float32]:
        """What the wearer hears next, shape (frames, 2), left ear first."""
        block = np.zeros((frames, 2), np.float32)
        self._render(self._handle, block.ctypes.data, frames)
        return block


_WISHES = {openal.ALC_FREQUENCY: SAMPLE_RATE_HZ, openal.ALC_HRTF_SOFT: openal.TRUE}


def open_output(library: Any) -> Device:  # noqa: ANN401 - see openal.load
    """The machine's default output, which an OpenXR runtime sets to the headset.

    Raises:
        NoSoundError: there is none, or it refuses.
    """
    handle = library.alcOpenDevice(None)
    if not handle:
        raise NoSoundError("No sound: this machine offers no sound device. Plug the headset's sound in or choose one.")
    return Device(library, handle, _WISHES)
