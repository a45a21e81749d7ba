"""Recorded copies replace the whole picture, each time that they are run."""

import numpy as np
import pytest

from tests.vr.graphics.gpu import Image
from tests.vr.graphics.vulkan_parts import Device, Staging, Submission, recording

pytestmark = pytest.mark.monado
SIZE_PX = (64, 48)


def test_a_recorded_copy_takes_what_is_staged_when_it_runs(device: Device, submission: Submission) -> None:
    staging = Staging(device, 1, SIZE_PX)
    commands = submission.commands(1)
    with Image(device, submission, SIZE_PX) as image:
        with recording.recording(commands[0]):
            recording.fill(commands[0], image.handle, staging.buffer, 0, SIZE_PX, after=recording.SAMPLED)
        for value in (7, 200):
            staging.pictures[...] = value
            submission.wait(submission.submit(commands[0]))
            assert np.all(image.pixels(recording.SAMPLED) == value)
    submission.forget(commands)
    staging.close()


def test_an_image_goes_from_one_use_to_the_next_without_loss(device: Device, submission: Submission) -> None:
    staging = Staging(device, 1, SIZE_PX)
    staging.pictures[...] = 99
    commands = submission.commands(1)
    with Image(device, submission, SIZE_PX) as image:
        with recording.recording(commands[0], once=True):
            recording.fill(commands[0], image.handle, staging.buffer, 0, SIZE_PX, after=recording.SAMPLED)
            recording.turn(commands[0], image.handle, recording.SAMPLED, recording.HANDED_OVER)
        submission.submit(commands[0])
        assert np.all(image.pixels(recording.HANDED_OVER) == 99)
    submission.forget(commands)
    staging.close()
