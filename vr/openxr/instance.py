"""The XrInstance and its system: what the runtime is, what it can do, and why there is none in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import xr

from vr.errors import (
    NoGraphicsError,
    NoHeadsetError,
    NoRuntimeError,
    OpenXrError,
    RuntimeLostError,
    ServiceDownError,
)
from vr.openxr.extensions import Extensions

_NO_RUNTIME = (
    "No OpenXR runtime was found. Install the one of your headset (SteamVR, WiVRn, Monado ...) and make it the active "
    "runtime in its settings; a file named by XR_RUNTIME_JSON works too."
)
_SERVICE_DOWN = (
    "The OpenXR runtime is installed but does not answer. Start it (SteamVR, WiVRn or monado-service); the wall "
    "appears by itself."
)
_NO_HEADSET = "The OpenXR runtime sees no headset. Connect it and switch it on; the wall appears by itself."
_LOST = "The OpenXR runtime has ended. The wall returns by itself when the runtime is back."
_OTHER_GPU = "The headset is connected to another GPU than the one that draws; choose that GPU for the VR runtime."
_NOT_A_HEADSET = "The OpenXR runtime has no head-mounted display with two eyes, which the wall needs."


@dataclass(frozen=True, slots=True)
class System:
    """What the runtime said of itself and of its headset."""

    id: xr.SystemId
    runtime: str
    headset: str
    layer_limit: int


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what pyopenxr raises inside into this program's errors.

    Raises:
        RuntimeLostError: the runtime, the session or the connection to either ended.
        NoHeadsetError, NoRuntimeError, NoGraphicsError: as their names say.
        OpenXrError: any other refusal.
    """
    try:
        yield
    except (xr.InstanceLostError, xr.SessionLostError, xr.SessionLossPending) as error:
        raise RuntimeLostError(_LOST) from error
    except xr.FormFactorUnavailableError as error:
        raise NoHeadsetError(_NO_HEADSET) from error
    except xr.FormFactorUnsupportedError as error:
        raise NoHeadsetError(_NOT_A_HEADSET) from error
    except xr.RuntimeUnavailableError as error:
        raise NoRuntimeError(_NO_RUNTIME) from error
    except xr.GraphicsDeviceInvalidError as error:
        raise NoGraphicsError(_OTHER_GPU) from error
    except xr.ResultException as error:
        raise OpenXrError(f"The OpenXR runtime refused a call: {_word(error)}.") from error


def offered_extensions() -> frozenset[str]:
    """Names of the extensions that the active runtime offers; needs no service of it to run.

    Raises:
        NoRuntimeError: there is none.
    """
    try:
        offered = xr.enumerate_instance_extension_properties()
    except (xr.ResultException, OSError) as error:
        raise NoRuntimeError(_NO_RUNTIME) from error
    return frozenset(entry.extension_name.decode() for entry in offered)


def create(extensions: Extensions) -> xr.Instance:
    """Connect to the runtime.

    Raises:
        NoRuntimeError, ServiceDownError: there is none, or its service does not run.
        OpenXrError: it refuses.
    """
    info = xr.InstanceCreateInfo(
        application_info=xr.ApplicationInfo(
            application_name="Loco Kiosk",
            application_version=1,
            engine_name="",
            engine_version=0,
            # 1.0 is what every runtime knows; nothing here needs more.
            api_version=xr.Version(1, 0, 0),
        ),
        enabled_extension_names=list(extensions.names),
    )
    with in_words():
        try:
            return xr.create_instance(info)
        except (xr.RuntimeFailureError, xr.InitializationFailedError, xr.InstanceLostError) as error:
            raise ServiceDownError(_SERVICE_DOWN) from error


def find_system(instance: xr.Instance) -> System:
    """The headset.

    Raises:
        NoHeadsetError: none is connected.
        OpenXrError: the runtime refuses.
    """
    with in_words():
        identity = xr.get_system(instance, xr.SystemGetInfo(form_factor=xr.FormFactor.HEAD_MOUNTED_DISPLAY))
        runtime = xr.get_instance_properties(instance)
        headset = xr.get_system_properties(instance, identity)
    version = xr.Version(runtime.runtime_version)
    return System(
        identity,
        f"{runtime.runtime_name.decode()} {version}",
        headset.system_name.decode(),
        headset.graphics_properties.max_layer_count,
    )


def _word(error: xr.ResultException) -> str:
    result = error.get_result_enum()
    return str(error).rstrip(".") if result is None else f"{result.name} ({str(error).rstrip('.')})"
