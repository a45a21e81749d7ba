"""Bare hands by XR_EXT_hand_tracking: joints read each frame, made into what a controller would say."""

import ctypes

import xr

from vr.errors import OpenXrError
from vr.openxr import extensions, pinch, poses
from vr.openxr.extensions import Extensions
from vr.openxr.instance import in_words
from vr.openxr.spaces import Spaces
from vr.scene.controllers import ABSENT, Hand, HandState
from vr.scene.geometry import Pose, Vector

# A pinch seen as a button: pressed from here on. What must be steadier has its own hysteresis on the number.
_PRESSED = 0.7
_SIDES = {Hand.LEFT: -1, Hand.RIGHT: 1}


class TrackedHand:
    """One hand's tracker with the structs that its joints are written into."""

    def __init__(self, instance: xr.Instance, session: xr.Session, hand: Hand, aim_offered: bool) -> None:
        side = xr.HandEXT.LEFT if hand is Hand.LEFT else xr.HandEXT.RIGHT
        self._side = _SIDES[hand]
        with in_words():
            self._tracker = xr.create_hand_tracker_ext(session, xr.HandTrackerCreateInfoEXT(hand=side))
        # WORKAROUND: xr.locate_hand_joints_ext of pyopenxr 1.1.6501 passes no room for the joints, which the runtime
        # refuses; so the function itself is called, with our own arrays.
        address = xr.get_instance_proc_addr(instance, "xrLocateHandJointsEXT")
        self._locate = ctypes.cast(address, xr.PFN_xrLocateHandJointsEXT)
        self._joints = (xr.HandJointLocationEXT * pinch.COUNT)(*(xr.HandJointLocationEXT() for _ in range(pinch.COUNT)))
        self._aim = xr.HandTrackingAimStateFB() if aim_offered else None
        self._found = xr.HandJointLocationsEXT(joint_count=pinch.COUNT, joint_locations=self._joints, next=self._aim)

    def read(self, spaces: Spaces, head: Pose | None, time: int) -> HandState:
        """The hand at ``time``, in the words of a controller; absent while the cameras do not see it."""
        info = xr.HandJointsLocateInfoEXT(base_space=spaces.world, time=time)
        with in_words():
            refusal = xr.check_result(xr.Result(self._locate(self._tracker, info, ctypes.byref(self._found))))
            if refusal.is_exception():
                raise refusal
        if not self._found.is_active or not poses.valid(self._joints[pinch.PALM].location_flags):
            return ABSENT
        places = [Vector(p.x, p.y, p.z) for p in (joint.pose.position for joint in self._joints)]
        gesture = pinch.gesture(places)
        return HandState(
            active=True,
            aim=self._ray(places, head),
            grip=poses.from_xr(self._joints[pinch.PALM].pose),
            select=gesture.select,
            secondary=gesture.secondary >= _PRESSED,
            grab=gesture.grab,
            stick=(0.0, 0.0),
            menu=gesture.menu >= _PRESSED,
            kind="hand",
        )

    def close(self) -> None:
        """Give the tracker back."""
        xr.destroy_hand_tracker_ext(self._tracker)

    def _ray(self, places: list[Vector], head: Pose | None) -> Pose | None:
        if self._aim is not None and xr.HandTrackingAimFlagsFB.VALID_BIT in self._aim.status:
            return poses.from_xr(self._aim.aim_pose)
        return pinch.aim(places, head, self._side) if head is not None else None


def open_hands(instance: xr.Instance, session: xr.Session, switched_on: Extensions) -> dict[Hand, TrackedHand]:
    """A tracker for each hand; none where runtime or headset have no hand tracking."""
    if extensions.HAND_TRACKING not in switched_on:
        return {}
    aim = extensions.HAND_AIM in switched_on
    try:
        return {hand: TrackedHand(instance, session, hand, aim) for hand in Hand}
    except OpenXrError:
        return {}
