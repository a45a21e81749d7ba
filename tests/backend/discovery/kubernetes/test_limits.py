from backend.discovery.kubernetes.connection import SILENCE_MS
from backend.discovery.kubernetes.limits import Limits

LIMITS = Limits()


def test_a_server_that_falls_silent_is_noticed_within_seven_seconds() -> None:
    # The worst case: it stops right after it answered a probe; then so many probes go unanswered.
    assert LIMITS.probe_every_s + LIMITS.doubts * LIMITS.probe_s <= 6.5
    assert SILENCE_MS <= 6500


def test_a_server_that_returns_is_asked_within_a_second() -> None:
    assert LIMITS.backoff.delay_s(100, lambda _low, high: high) < 0.8


def test_a_quiet_watch_outlives_the_time_between_bookmarks() -> None:
    assert LIMITS.idle_s > 60
    assert LIMITS.watch_s > LIMITS.idle_s
