"""Work is handed over in order, and known to be done."""

import pytest

from tests.vr.graphics.vulkan_parts import Submission, check, recording, vk
from vr.errors import RuntimeLostError

pytestmark = pytest.mark.monado


def test_serial_numbers_rise_and_each_can_be_waited_for(submission: Submission) -> None:
    commands = submission.commands(3)
    for one in commands:
        with recording.recording(one):
            pass
    first, second = submission.submit(commands[0]), submission.submit(*commands[1:])
    assert second == first + 1
    submission.wait(second)
    submission.wait(first)
    submission.forget(commands)


def test_what_is_done_is_not_asked_for_again(submission: Submission, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = submission.commands(1)
    with recording.recording(commands[0]):
        pass
    serial = submission.submit(commands[0])
    submission.wait(serial)
    with monkeypatch.context() as patch:
        patch.setattr(vk, "lib", None)
        submission.wait(serial)
    submission.forget(commands)


def test_recorded_work_can_be_handed_over_again_and_again(submission: Submission) -> None:
    commands = submission.commands(1)
    with recording.recording(commands[0]):
        pass
    serials = []
    for _ in range(100):
        serials.append(submission.submit(commands[0]))
        submission.wait(serials[-1])
    assert serials == list(range(serials[0], serials[0] + 100))
    submission.forget(commands)


def test_a_gpu_that_fails_is_a_lost_runtime() -> None:
    with pytest.raises(RuntimeLostError, match=r"Vulkan error -4\); VR starts anew"):
        check(vk.VK_ERROR_DEVICE_LOST)
