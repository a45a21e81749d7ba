"""What the shader is told of each surface and eye: a matrix to clip space, and the shape."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import xr
from numpy.typing import NDArray

from vr.scene.geometry import Placement, Pose, Rotation, Vector

MOST = 64
"""Surfaces that one projector draws; a wall with its panels, rays and cursors has half as many."""
FLOATS = 20
"""Of one surface and eye: the matrix by columns, width, height, angle, least alpha."""
COLUMNS = 32
"""Of a surface; as ``COLUMNS`` in shaders/screen.vert. A bent screen of 56 degrees is off by 0.2 mm at 2 m."""
VERTICES = 2 * (COLUMNS + 1)
NEAR_M = 0.02


class Surfaces:
    """The numbers for all surfaces of a frame, in one array that stays where it is: ``values[eye, surface]``."""

    def __init__(self, eyes: int, *, y_up: bool) -> None:
        """``y_up``: clip space as OpenGL has it; else as Vulkan has it."""
        self.values: NDArray[np.float32] = np.zeros((eyes, MOST, FLOATS), np.float32)
        self._y_up = y_up

    def fill(self, views: Sequence[xr.View], placements: Sequence[tuple[Placement, bool]]) -> None:
        """Compute the numbers for these surfaces, each with whether it is opaque."""
        if not placements:
            return
        models = np.stack([_model(placement) for placement, _ in placements])
        shapes = [(p.width_m, p.height_m, p.angle, float(opaque)) for p, opaque in placements]
        for eye, view in enumerate(views):
            part = self.values[eye, : len(placements)]
            matrices = _projection(view.fov, y_up=self._y_up) @ _inverse(_view_pose(view.pose)) @ models
            part[:, :16] = matrices.transpose(0, 2, 1).reshape(-1, 16)
            part[:, 16:] = shapes


@lru_cache(maxsize=4 * MOST)
def _model(placement: Placement) -> NDArray[np.float64]:
    return _matrix(placement.pose)


def _matrix(pose: Pose) -> NDArray[np.float64]:
    """From the space of a pose to the space that the pose is in."""
    x, y, z, w = pose.rotation
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w), pose.position.x],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w), pose.position.y],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y), pose.position.z],
            [0.0, 0.0, 0.0, 1.0],
        ]
    )


def _inverse(pose: Pose) -> NDArray[np.float64]:
    there = _matrix(pose)
    back = np.eye(4)
    back[:3, :3] = there[:3, :3].T
    back[:3, 3] = -there[:3, :3].T @ there[:3, 3]
    return back


def _view_pose(pose: xr.Posef) -> Pose:
    turn, place = pose.orientation, pose.position
    return Pose(Rotation(turn.x, turn.y, turn.z, turn.w), Vector(place.x, place.y, place.z))


def _projection(fov: xr.Fovf, *, y_up: bool) -> NDArray[np.float64]:
    """To clip space, without a far plane: nothing is sorted by depth, surfaces are drawn in order."""
    left, right, down, up = np.tan([fov.angle_left, fov.angle_right, fov.angle_down, fov.angle_up])
    sign = 1.0 if y_up else -1.0
    width, height = right - left, (up - down) * sign
    return np.array(
        [
            [2 / width, 0.0, (right + left) / width, 0.0],
            [0.0, 2 / height, (up + down) / height, 0.0],
            [0.0, 0.0, -1.0, -NEAR_M],
            [0.0, 0.0, -1.0, 0.0],
        ]
    )
