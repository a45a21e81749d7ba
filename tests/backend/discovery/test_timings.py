import pytest

from backend.discovery.timings import BUCKETS_S, Timings


def test_durations_are_counted_up_to_their_bound() -> None:
    timings = Timings()
    for duration_s in (0.0001, 0.001, 0.0011, 99.0):
        timings.observe(duration_s)
    found = dict(timings.cumulative())
    assert (found["0.0005"], found["0.001"], found["0.0025"], found["2.5"], found["+Inf"]) == (1, 2, 3, 3, 4)
    assert len(found) == len(BUCKETS_S) + 1
    assert timings.count == 4
    assert timings.sum_s == pytest.approx(99.0022)
