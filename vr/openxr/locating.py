"""Where spaces are at a moment: all of them by one call (XR_KHR_locate_spaces), where the runtime has it.

A runtime is another process, so each call is a round trip, and on a busy machine each one waits for its turn.
"""

import ctypes
from collections.abc import Callable, Sequence

import xr

from vr.openxr import poses
from vr.openxr.extensions import LOCATE_SPACES, Extensions
from vr.scene.geometry import Pose


class Locator:
    """Finds spaces in another one. Threading: the frame loop's."""

    def __init__(self, instance: xr.Instance, session: xr.Session, extensions: Extensions) -> None:
        self._session = session
        self._call = _call(instance) if LOCATE_SPACES in extensions else None
        self._seen: dict[int, tuple[xr.Space, Pose | None]] = {}
        self._seen_from: tuple[xr.Space, int] | None = None

    def look(self, spaces: Sequence[xr.Space], base: xr.Space, time: int) -> None:
        """Look for these at once, so that :meth:`find` has them. Raises as pyopenxr does.

        Only such as are tracked: with one that is not, Monado 25 loses those before it too.
        """
        self._seen, self._seen_from = {}, (base, time)
        if self._call is None:
            return
        room = (xr.SpaceLocationData * len(spaces))()
        info, found = xr.SpacesLocateInfo(base, time, spaces=list(spaces)), xr.SpaceLocations(locations=room)
        refusal = xr.check_result(xr.Result(self._call(self._session, info, ctypes.byref(found))))
        if refusal.is_exception():
            raise refusal
        self._seen = {id(space): (space, _pose(seen)) for space, seen in zip(spaces, room, strict=True)}

    def find(self, space: xr.Space, base: xr.Space, time: int) -> Pose | None:
        """Pose of ``space`` in ``base`` at ``time``; None while it is not tracked. Raises as pyopenxr does."""
        seen_from = self._seen_from
        if seen_from is not None and seen_from[0] is base and seen_from[1] == time and id(space) in self._seen:
            return self._seen[id(space)][1]
        return _pose(xr.locate_space(space, base, time))


def _pose(found: xr.SpaceLocation | xr.SpaceLocationData) -> Pose | None:
    return poses.from_xr(found.pose) if poses.valid(found.location_flags) else None


def _call(instance: xr.Instance) -> Callable[..., int]:
    # WORKAROUND: xr.locate_spaces of pyopenxr 1.1.6501 passes no room for the answers, which the runtime refuses.
    address = xr.get_instance_proc_addr(instance, "xrLocateSpacesKHR")
    call: Callable[..., int] = ctypes.cast(address, xr.PFN_xrLocateSpacesKHR)
    return call
