import time

from backend.streamer.clock import monotonic_us, video_ticks


def test_the_media_clock_is_the_monotonic_one_at_90_khz() -> None:
    assert abs(monotonic_us() - time.monotonic() * 1e6) < 1e6
    assert video_ticks(1_000_000) == 90_000
    assert video_ticks(11) == 0
