"""What follows from each failure."""

import pytest

from vr.errors import (
    NoGraphicsError,
    NoHeadsetError,
    NoRuntimeError,
    OpenXrError,
    RuntimeLostError,
    ServiceDownError,
    VrError,
)
from vr.patience import EXIT_CODES, Patience, Status


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (NoRuntimeError(), Status.NO_RUNTIME, 3),
        (ServiceDownError(), Status.SERVICE_DOWN, 4),
        (NoGraphicsError(), Status.NO_GRAPHICS, 6),
        (OpenXrError(), Status.FAILED, 1),
    ],
)
def test_at_the_start_what_a_person_must_put_right_ends_the_program(error: VrError, status: Status, code: int) -> None:
    verdict = Patience(headset_wait_s=60.0, now_s=0.0).judge(error, 0.1)
    assert (verdict.status, verdict.again_s) == (status, None)
    assert EXIT_CODES[status] == code


def test_a_missing_headset_is_waited_for_and_not_for_ever() -> None:
    patience = Patience(headset_wait_s=60.0, now_s=100.0)
    soon = patience.judge(NoHeadsetError(), 159.0)
    assert soon.status is Status.WAITING
    assert soon.again_s is not None
    late = patience.judge(NoHeadsetError(), 161.0)
    assert (late.status, late.again_s) == (Status.NO_HEADSET, None)


@pytest.mark.parametrize("error", [RuntimeLostError(), ServiceDownError(), NoHeadsetError(), OpenXrError()])
def test_once_it_worked_everything_is_tried_again_and_never_rarer_than_each_two_seconds(error: VrError) -> None:
    patience = Patience(headset_wait_s=0.0, now_s=0.0)
    patience.works()
    for attempt in range(200):
        verdict = patience.judge(error, 10.0 * attempt)
        assert verdict.status is Status.LOST
        assert verdict.again_s is not None
        assert 0.1 < verdict.again_s < 2.5


def test_the_first_attempt_after_a_loss_comes_at_once_again_when_it_worked_between() -> None:
    patience = Patience(headset_wait_s=0.0, now_s=0.0)
    patience.works()
    for _ in range(10):
        patience.judge(RuntimeLostError(), 1.0)
    patience.works()
    again_s = patience.judge(RuntimeLostError(), 2.0).again_s
    assert again_s is not None
    assert again_s < 0.3
