import dataclasses

import pytest

from loco_kiosk.media.frames import FrameSink, FrameTiming
from tests.loco_kiosk.watching import KeptFrames


def test_a_timing_cannot_be_changed_on_its_way_between_threads() -> None:
    timing = FrameTiming(1, None, 2, 3)
    with pytest.raises(dataclasses.FrozenInstanceError):
        timing.decoded_us = 4  # type: ignore[misc]  # that is the point


def test_anything_with_put_is_a_sink() -> None:
    sink: FrameSink = KeptFrames()
    assert callable(sink.put)
