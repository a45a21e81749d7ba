"""No machine of ours has such a device: x264, hindered in one way or another, stands in for it."""

import time

import av
import pytest

from backend.streamer import hardware
from backend.streamer.hardware import Encoder, HardwareEncoder
from backend.streamer.x264 import X264


class StandIn:
    """Does what its name says, to what x264 makes; ``slow`` takes 5 ms more, ``quick`` does nothing wrong."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._x264 = X264.constant(640, 480, quantizer=51 if name == "coarse" else 20)
        self._late = b""

    def encode(self, frame: av.VideoFrame, timestamp: int, *, key: bool) -> bytes:
        if self.name == "slow":
            time.sleep(0.005)
        data = self._x264.encode(frame, timestamp, key=key and (self.name != "deaf" or timestamp == 0))
        if self.name == "late":
            data, self._late = self._late, data
        return data


def stand_in(name: str) -> Encoder:
    if name == "absent":
        raise ValueError("no such device")
    return StandIn(name)


def test_without_hardware_x264_encodes() -> None:
    assert hardware.quickest() is None
    with pytest.raises((av.FFmpegError, ValueError)):
        HardwareEncoder("h264_nvenc", 640, 480, quantizer=20)


@pytest.mark.parametrize("name", ["slow", "late", "deaf", "coarse", "absent"])
def test_a_device_that_is_slow_or_does_not_do_what_is_needed_is_not_used(name: str) -> None:
    assert hardware.quickest([name], stand_in) is None


def test_one_that_is_quicker_and_right_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    constant = X264.constant

    def hindered(*size: int, quantizer: int) -> StandIn:
        monkeypatch.setattr(X264, "constant", constant)
        return StandIn("slow")

    made = {"quick": StandIn("quick"), "slow": StandIn("slow")}
    monkeypatch.setattr(X264, "constant", hindered)
    assert hardware.quickest(["slow", "quick"], made.__getitem__) == "quick"
