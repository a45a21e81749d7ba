"""Staged pictures are memory that the GPU reads."""

import numpy as np
import pytest

from tests.vr.graphics.gpu import Image
from tests.vr.graphics.vulkan_parts import Device, Staging, Submission, recording

pytestmark = pytest.mark.monado
SIZE_PX = (37, 21)


def test_each_picture_has_room_of_its_own(device: Device, submission: Submission) -> None:
    staging = Staging(device, 3, SIZE_PX)
    random = np.random.default_rng(4)
    staging.pictures[...] = random.integers(0, 256, staging.pictures.shape, np.uint8)
    commands = submission.commands(3)
    with Image(device, submission, SIZE_PX) as image:
        for index, one in enumerate(commands):
            with recording.recording(one):
                offset = index * staging.picture_bytes
                recording.fill(one, image.handle, staging.buffer, offset, SIZE_PX, after=recording.HANDED_OVER)
            submission.submit(one)
            assert np.array_equal(image.pixels(recording.HANDED_OVER), staging.pictures[index])
    submission.forget(commands)
    staging.close()
