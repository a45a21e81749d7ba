import pytest

from backend.streamer.reception import Reception, ReceptionMeter


def reception(
    number: int, *, round_trip_s: float | None = 0.02, received: float = 1.0, fraction: float = 0.0
) -> Reception:
    """The report after ``number`` seconds of 100 packets of 1000 bytes each."""
    return Reception(
        fraction_lost=fraction,
        packets_lost=0,
        highest_sequence=65_500 + round(100 * number * received),
        round_trip_s=round_trip_s,
        packets=100 * number,
        octets=100_000 * number,
        now_s=50.0 + number,
    )


def test_the_first_report_says_nothing_and_one_without_a_round_trip_neither() -> None:
    meter = ReceptionMeter()
    assert meter.report(reception(0)) is None
    assert meter.report(reception(1, round_trip_s=None)) is None
    assert meter.report(reception(2)) is not None


def test_a_good_way_has_no_delay_and_carries_what_is_sent() -> None:
    meter = ReceptionMeter()
    meter.report(reception(0))
    report = meter.report(reception(1))
    assert report is not None
    assert (report.loss, report.delay_ms) == (0, 0)
    assert report.round_trip_ms == pytest.approx(20)
    assert report.received_bps == 800_000


def test_a_round_trip_that_grows_is_a_queue_and_what_came_is_what_the_way_carries() -> None:
    meter = ReceptionMeter()
    meter.report(reception(0))
    meter.report(reception(1))
    report = meter.report(reception(2, round_trip_s=0.32, received=0.6, fraction=0.25))
    assert report is not None
    assert report.loss == 0.25
    assert report.delay_ms == pytest.approx(300)
    assert report.received_bps == pytest.approx(160_000)


def test_the_best_round_trip_is_forgotten_after_a_minute() -> None:
    meter = ReceptionMeter()
    meter.report(reception(0, round_trip_s=0.01))
    delays_ms = []
    for number in range(1, 80):
        report = meter.report(reception(number, round_trip_s=0.05))
        assert report is not None
        delays_ms.append(report.delay_ms)
    assert delays_ms[0] == pytest.approx(40)
    assert delays_ms[-1] == 0


def test_a_still_picture_misses_nothing() -> None:
    meter = ReceptionMeter()
    meter.report(reception(1))
    report = meter.report(reception(1)._replace(now_s=52.0, octets=108_000))
    assert report is not None
    assert report.received_bps == 64_000
