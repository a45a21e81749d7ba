"""The part of OpenAL that the wall uses, bound by ctypes.

Names and numbers are those of the OpenAL 1.1 specification, ALC_EXT_disconnect, ALC_SOFT_HRTF and ALC_SOFT_loopback.
OpenAL Soft has had all of them since 1.17; Debian 12 ships 1.19, Debian 13 ships 1.24.
"""

import _ctypes
import ctypes
import sys
from collections.abc import Callable
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_float, c_int, c_ubyte, c_uint, c_void_p
from typing import Any, Final

from vr.audio.errors import NoSoundError

TRUE: Final = 1
NONE: Final = 0
SOURCE_RELATIVE: Final = 0x202
POSITION: Final = 0x1004
GAIN: Final = 0x100A
ORIENTATION: Final = 0x100F
SOURCE_STATE: Final = 0x1010
PLAYING: Final = 0x1012
STOPPED: Final = 0x1014
BUFFERS_PROCESSED: Final = 0x1016
SAMPLE_OFFSET: Final = 0x1025
FORMAT_MONO16: Final = 0x1101

ALC_FREQUENCY: Final = 0x1007
ALC_CONNECTED: Final = 0x313
ALC_ALL_DEVICES_SPECIFIER: Final = 0x1013
ALC_FORMAT_CHANNELS_SOFT: Final = 0x1990
ALC_FORMAT_TYPE_SOFT: Final = 0x1991
ALC_HRTF_SOFT: Final = 0x1992
ALC_STEREO_SOFT: Final = 0x1501
ALC_FLOAT_SOFT: Final = 0x1406

_LIBRARIES: Final = {
    "win32": ("soft_oal.dll", "OpenAL32.dll"),
    "darwin": ("libopenal.1.dylib", "/opt/homebrew/opt/openal-soft/lib/libopenal.1.dylib"),
}
_UINTS: Final = POINTER(c_uint)
_PROTOTYPES: Final[dict[str, tuple[type | None, tuple[type, ...]]]] = {
    "alBufferData": (None, (c_uint, c_int, c_void_p, c_int, c_int)),
    "alDeleteBuffers": (None, (c_int, _UINTS)),
    "alDeleteSources": (None, (c_int, _UINTS)),
    "alDistanceModel": (None, (c_int,)),
    "alGenBuffers": (None, (c_int, _UINTS)),
    "alGenSources": (None, (c_int, _UINTS)),
    "alGetError": (c_int, ()),
    "alGetSourcei": (None, (c_uint, c_int, POINTER(c_int))),
    "alListener3f": (None, (c_int, c_float, c_float, c_float)),
    "alListenerf": (None, (c_int, c_float)),
    "alListenerfv": (None, (c_int, POINTER(c_float))),
    "alSource3f": (None, (c_uint, c_int, c_float, c_float, c_float)),
    "alSourcePlay": (None, (c_uint,)),
    "alSourceQueueBuffers": (None, (c_uint, c_int, _UINTS)),
    "alSourceStop": (None, (c_uint,)),
    "alSourceUnqueueBuffers": (None, (c_uint, c_int, _UINTS)),
    "alSourcef": (None, (c_uint, c_int, c_float)),
    "alSourcei": (None, (c_uint, c_int, c_int)),
    "alcCloseDevice": (c_ubyte, (c_void_p,)),
    "alcCreateContext": (c_void_p, (c_void_p, POINTER(c_int))),
    "alcDestroyContext": (None, (c_void_p,)),
    "alcGetIntegerv": (None, (c_void_p, c_int, c_int, POINTER(c_int))),
    "alcGetProcAddress": (c_void_p, (c_void_p, c_char_p)),
    "alcGetString": (c_char_p, (c_void_p, c_int)),
    "alcMakeContextCurrent": (c_ubyte, (c_void_p,)),
    "alcOpenDevice": (c_void_p, (c_char_p,)),
}


def load() -> Any:  # noqa: ANN401 - functions of a C library, typed by their prototypes
    """OpenAL with its prototypes set.

    Raises:
        NoSoundError: this machine has no OpenAL.
    """
    library = _library()
    for name, (result, arguments) in _PROTOTYPES.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def unload(library: Any) -> None:  # noqa: ANN401
    """Forget a library that found no device.

    OpenAL Soft chooses its sound system at its first look and keeps to it: without this, a sound server that starts
    later would never be found.
    """
    if sys.platform == "win32":
        _ctypes.FreeLibrary(library._handle)
    else:
        _ctypes.dlclose(library._handle)


def extension(library: Any, name: str, result: type | None, *arguments: type) -> Callable[..., Any]:  # noqa: ANN401
    """A function that is not part of OpenAL 1.1.

    Raises:
        NoSoundError: this OpenAL lacks it.
    """
    address = library.alcGetProcAddress(None, name.encode())
    if not address:
        raise NoSoundError(f"This OpenAL lacks {name}: install OpenAL Soft 1.19 or later (Debian: libopenal1).")
    return CFUNCTYPE(result, *arguments)(address)


def _library() -> ctypes.CDLL:
    for name in _LIBRARIES.get(sys.platform, ("libopenal.so.1",)):
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    raise NoSoundError("No sound: OpenAL Soft is not installed (Debian: sudo apt-get install libopenal1).")
