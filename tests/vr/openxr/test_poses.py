"""Poses between the runtime and the scene."""

import xr

from vr.openxr import poses
from vr.scene.geometry import Pose, Rotation, Vector

FLAGS = xr.SpaceLocationFlags


def test_a_pose_survives_the_way_there_and_back() -> None:
    pose = Pose(Rotation(0.5, -0.5, 0.5, 0.5), Vector(1.0, -2.0, 0.25))
    assert poses.from_xr(poses.to_xr(pose)) == pose


def test_a_pose_counts_only_with_place_and_direction() -> None:
    assert poses.valid(FLAGS.POSITION_VALID_BIT | FLAGS.ORIENTATION_VALID_BIT | FLAGS.POSITION_TRACKED_BIT)
    assert not poses.valid(FLAGS.ORIENTATION_VALID_BIT | FLAGS.ORIENTATION_TRACKED_BIT)
    assert not poses.valid(FLAGS.NONE)
