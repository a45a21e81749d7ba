"""Where things are: the wearer's LOCAL space, moved on wish, and the head in it."""

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
        self.track(self.head)

    def track(self, space: xr.Space) -> None:
        """Find this one together with the head: it is asked for in each frame, and lives as long as the session."""
        self._locator.add(space)

    def locate(self, space: xr.Space, time: int) -> Pose | None:
        """Pose of ``space`` in the world at ``time``; None while it is not tracked."""
        return self._locator.find(space, self.world, time)

    def forget(self) -> None:
        """Look anew, even for a time that was looked at: what is tracked has changed."""
        self._locator.forget()

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
