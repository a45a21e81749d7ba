"""Between OpenXR's structs of numbers and the scene's own."""

import xr

from vr.scene.geometry import Pose, Rotation, Vector

_BOTH_VALID = xr.SpaceLocationFlags.POSITION_VALID_BIT | xr.SpaceLocationFlags.ORIENTATION_VALID_BIT


def from_xr(pose: xr.Posef) -> Pose:
    """A pose of the runtime."""
    turn, place = pose.orientation, pose.position
    return Pose(Rotation(turn.x, turn.y, turn.z, turn.w), Vector(place.x, place.y, place.z))


def to_xr(pose: Pose) -> xr.Posef:
    """A pose for the runtime."""
    return xr.Posef(xr.Quaternionf(*pose.rotation), xr.Vector3f(*pose.position))


def valid(location_flags: xr.SpaceLocationFlags) -> bool:
    """Whether a located pose means anything: both its place and its direction are known."""
    return _BOTH_VALID in location_flags
