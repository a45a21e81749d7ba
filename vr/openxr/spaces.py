"""Where things are: the wearer's LOCAL space, moved on wish, and the head in it."""

from collections.abc import Sequence

import xr

from vr.openxr import poses
from vr.openxr.extensions import Extensions
from vr.openxr.instance import in_words
from vr.openxr.locating import Locator
from vr.openxr.pinch import upright
from vr.scene.geometry import ORIGIN, Pose


class Spaces:
    """The spaces of one session.

    Everything is placed and located in ``world``: LOCAL at first, whose origin the runtime moves when the wearer
    recentres by the headset's own button; after :meth:`recentre` a space at a fixed offset from it.
    """

    def __init__(self, instance: xr.Instance, session: xr.Session, extensions: Extensions) -> None:
        self._session = session
        self._locator = Locator(instance, session, extensions)
        self._local = self._make(xr.ReferenceSpaceType.LOCAL, ORIGIN)
        self.head = self._make(xr.ReferenceSpaceType.VIEW, ORIGIN)
        self.world = self._local

    def look(self, spaces: Sequence[xr.Space], time: int) -> None:
        """Look for the head and these, which must be tracked, at once: :meth:`locate` then needs no call for them."""
        self._locator.look([self.head, *spaces], self.world, time)

    def locate(self, space: xr.Space, time: int) -> Pose | None:
        """Pose of ``space`` in the world at ``time``; None while it is not tracked."""
        return self._locator.find(space, self.world, time)

    def recentre(self, time: int) -> bool:
        """Move the world to where the wearer stands and looks; False while the head is not tracked."""
        with in_words():
            found = xr.locate_space(self.head, self._local, time)
            if not poses.valid(found.location_flags):
                return False
            moved = self._make(xr.ReferenceSpaceType.LOCAL, upright(poses.from_xr(found.pose)))
        self.forget_offset()
        self.world = moved
        return True

    def forget_offset(self) -> None:
        """Return to the runtime's own origin, as after its recentring: the last word counts."""
        if self.world is not self._local:
            xr.destroy_space(self.world)
            self.world = self._local

    def _make(self, kind: xr.ReferenceSpaceType, pose: Pose) -> xr.Space:
        info = xr.ReferenceSpaceCreateInfo(reference_space_type=kind, pose_in_reference_space=poses.to_xr(pose))
        with in_words():
            return xr.create_reference_space(self._session, info)
