"""Where spaces are at a moment: all of them by one call (XR_KHR_locate_spaces), where the runtime has it.

A runtime is another process, so each call is a round trip, and on a busy machine each one waits for its turn.
"""

import ctypes
from collections.abc import Callable

import xr

from vr.openxr import poses
from vr.openxr.extensions import LOCATE_SPACES, Extensions
from vr.scene.geometry import Pose


class Locator:
    """Finds spaces in another one. Threading: the frame loop's."""

    def __init__(self, instance: xr.Instance, session: xr.Session, extensions: Extensions) -> None:
        self._session = session
        self._call = _call(instance) if LOCATE_SPACES in extensions else None
        self._together: list[xr.Space] = []
        self._is_for: tuple[xr.Space, int] | None = None
        self._make_room()

    def add(self, space: xr.Space) -> None:
        """Look for this one too whenever one of the others is asked for; it must live as long as the session."""
        self._together.append(space)
        self._make_room()

    def find(self, space: xr.Space, base: xr.Space, time: int) -> Pose | None:
        """Pose of ``space`` in ``base`` at ``time``; None while it is not tracked. Raises as pyopenxr does."""
        index = next((index for index, known in enumerate(self._together) if known is space), None)
        if index is None or self._call is None:
            alone = xr.locate_space(space, base, time)
            return poses.from_xr(alone.pose) if poses.valid(alone.location_flags) else None
        if self._is_for is None or self._is_for[0] is not base or self._is_for[1] != time:
            self._look(self._call, base, time)
        found = self._room[index]
        return poses.from_xr(found.pose) if poses.valid(found.location_flags) else None

    def forget(self) -> None:
        """Look anew even for the same time: what is tracked may have changed."""
        self._is_for = None

    def _make_room(self) -> None:
        self._room = (xr.SpaceLocationData * len(self._together))()
        self._info = xr.SpacesLocateInfo(spaces=self._together)
        self._found = xr.SpaceLocations(locations=self._room)
        self._is_for = None

    def _look(self, call: Callable[..., int], base: xr.Space, time: int) -> None:
        self._info.base_space, self._info.time = base, time
        refusal = xr.check_result(xr.Result(call(self._session, self._info, ctypes.byref(self._found))))
        if refusal.is_exception():
            raise refusal
        self._is_for = base, time


def _call(instance: xr.Instance) -> Callable[..., int]:
    # WORKAROUND: xr.locate_spaces of pyopenxr 1.1.6501 passes no room for the answers, which the runtime refuses.
    address = xr.get_instance_proc_addr(instance, "xrLocateSpacesKHR")
    call: Callable[..., int] = ctypes.cast(address, xr.PFN_xrLocateSpacesKHR)
    return call
