"""Figures of frames."""

from vr.openxr.meter import Meter


def test_a_reading_tells_of_the_frames_since_the_last_one() -> None:
    meter = Meter()
    for milliseconds in range(1, 101):
        meter.add(milliseconds / 1000, layers=11)
    figures = meter.read()
    assert figures["frames"] == 100
    assert round(figures["work_p50_ms"]) == 51
    assert round(figures["work_p95_ms"]) == 96
    assert round(figures["work_max_ms"]) == 100
    assert figures["layers"] == 11
    assert meter.last is figures
    assert meter.read() == {"frames": 0}


def test_what_nobody_reads_does_not_grow() -> None:
    meter = Meter()
    for _ in range(5000):
        meter.add(0.001, 1)
    assert meter.read()["frames"] == 1000
