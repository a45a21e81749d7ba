"""What happens while a frame is waited for; the runtime's call is one that the test ends."""

import threading
from collections.abc import Iterator

import pytest
import xr

from vr.openxr.waiting import FrameWaiter

WITHIN_S = 10.0


class Call:
    """In the place of xrWaitFrame."""

    def __init__(self) -> None:
        self.began, self.may_end, self.ended = threading.Event(), threading.Event(), threading.Event()
        self.error: Exception | None = None
        self.thread = ""

    def __call__(self, _session: object) -> str:
        self.thread = threading.current_thread().name
        self.began.set()
        assert self.may_end.wait(WITHIN_S)
        self.ended.set()
        if self.error:
            raise self.error
        return "frame"


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> Call:
    call = Call()
    monkeypatch.setattr(xr, "wait_frame", call)
    return call


@pytest.fixture
def waiter() -> Iterator[FrameWaiter]:
    waiter = FrameWaiter(xr.Session())
    yield waiter
    waiter.close()


def test_things_are_done_until_the_frame_comes(waiter: FrameWaiter, call: Call) -> None:
    done: list[str] = []

    def meanwhile() -> bool:
        assert call.began.wait(WITHIN_S)
        done.append(threading.current_thread().name)
        if len(done) == 3:
            call.may_end.set()
        return len(done) < 3

    frame, _ = waiter.wait(meanwhile)
    assert frame == "frame"
    assert len(done) >= 3
    assert set(done) == {threading.current_thread().name}
    assert call.thread != threading.current_thread().name


def test_what_the_runtime_refuses_is_raised(waiter: FrameWaiter, call: Call) -> None:
    call.error = xr.SessionLostError()
    call.may_end.set()
    with pytest.raises(xr.SessionLostError):
        waiter.wait(lambda: False)


def test_a_fault_of_what_is_done_meanwhile_waits_for_the_call(waiter: FrameWaiter, call: Call) -> None:
    def meanwhile() -> bool:
        assert call.began.wait(WITHIN_S)
        threading.Timer(0.05, call.may_end.set).start()
        raise LookupError

    with pytest.raises(LookupError):
        waiter.wait(meanwhile)
    assert call.ended.is_set()
