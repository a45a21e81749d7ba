import time

from backend.streamer.clock import MediaTicks, monotonic_us, video_ticks


def test_the_media_clock_is_the_monotonic_one_at_90_khz() -> None:
    assert abs(monotonic_us() - time.monotonic() * 1e6) < 1e6
    assert video_ticks(1_000_000) == 90_000
    assert video_ticks(11) == 0


def test_time_stamps_grow_whatever_the_captures_say_and_wrap() -> None:
    ticks = MediaTicks(0xFFFF_FFFF)
    assert ticks.after(1_000_000) == (90_000, 89_999)
    assert ticks.after(1_000_000) == (90_001, 90_000)
    assert ticks.after(0) == (90_002, 90_001)
    assert ticks.after(2_000_000) == (180_000, 179_999)
