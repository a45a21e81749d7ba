from backend.contract.control import PathReport
from loco_kiosk.media.path_meter import DelayGrowth, PathMeter

QUARTER_US = 250_000


class Way:
    """A stream of 100 packets a second, looked at four times a second."""

    def __init__(self) -> None:
        self.meter = PathMeter()
        self.now_us = 5_000_000
        self.expected = self.received = self.octets = 0
        self.look()

    def look(
        self, sent: int = 0, lost: int = 0, transit_us: int | None = None, round_trip_us: int | None = 1500
    ) -> PathReport | None:
        self.now_us += QUARTER_US
        self.expected += sent
        self.received += sent - lost
        self.octets += 1000 * (sent - lost)
        return self.meter.report(
            expected=self.expected,
            received=self.received,
            octets=self.octets,
            transit_us=transit_us,
            round_trip_us=round_trip_us,
            now_us=self.now_us,
        )


def test_a_good_way_is_told_of_once_a_second() -> None:
    way = Way()
    reports = [way.look(25, transit_us=100) for _ in range(8)]
    assert [report is not None for report in reports] == [False, False, False, True] * 2
    assert reports[3] == PathReport(0.0, 0.0, 1.5, 800_000)


def test_loss_is_told_of_at_once_and_is_what_was_lost_before_repair() -> None:
    way = Way()
    report = way.look(25, lost=5)
    assert report is not None
    assert report.loss == 0.2
    assert way.look(25) is None
    assert way.look(25, lost=25) == PathReport(1.0, 0.0, 1.5, 400_000)


def test_packets_that_only_came_late_are_no_negative_loss() -> None:
    way = Way()
    way.look(25, lost=5)
    way.look(25, lost=-5)
    report = way.look(25, lost=1)
    assert report is not None
    assert report.loss == 0.04


def test_a_queue_on_the_way_shows_as_growing_delay_and_mere_jitter_does_not() -> None:
    way = Way()
    assert way.look(25, transit_us=1_000_000) is None
    for growth_us in (20_000, 60_000, 150_000):
        report = way.look(25, transit_us=1_000_000 + growth_us)
        assert report is not None
        assert report.delay_ms == growth_us / 1000
    report = way.look(25, transit_us=1_005_000)
    assert report is None or report.delay_ms == 5.0


def test_a_still_screen_tells_nothing() -> None:
    way = Way()
    assert [way.look() for _ in range(10)] == [None] * 10


def test_before_the_first_exchange_the_round_trip_is_nought() -> None:
    report = Way().look(25, lost=1, round_trip_us=None)
    assert report is not None
    assert report.round_trip_ms == 0.0


def test_another_source_starts_afresh() -> None:
    way = Way()
    way.look(1000, lost=10, transit_us=0)
    way.expected = way.received = 0
    assert way.look(25, transit_us=9_000_000) is None
    report = way.look(25, lost=5, transit_us=9_000_000)
    assert report is not None
    assert (report.loss, report.delay_ms) == (0.2, 0.0)


def test_the_best_moments_are_forgotten_after_a_minute() -> None:
    growth = DelayGrowth()
    assert growth.ms(0, 1) == 0.0
    grown = [growth.ms(30_000, second * 1_000_000) for second in range(2, 90)]
    assert grown[0] == 30.0
    assert grown[50] == 30.0
    assert grown[-1] == 0.0
    assert growth.ms(None, 91_000_000) == 0.0
