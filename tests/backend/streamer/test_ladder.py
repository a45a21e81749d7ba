import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.contract.control import PathReport, Preference
from backend.streamer.ladder import RUNGS, Cause, Ladder

WELL = PathReport(0.0, 5.0, 10.0, 900_000)


class Road:
    """A way of a fixed width with a queue, watched by a viewer who reports four times a second."""

    def __init__(self, width_bps: float, preference: Preference = Preference.SMOOTH, loss: float = 0.0) -> None:
        self.width_bps = width_bps
        self.ladder = Ladder(preference)
        self.loss = loss
        self.queue_bits = 0.0
        self.now_s = 100.0
        self.levels: list[int] = []
        self.longest_ms = 0.0

    def drive(self, seconds: float, demand_bps: float = 3_000_000, *, saved: float = 0.0) -> None:
        """``saved``: part that each rung takes off the demand."""
        for _ in range(round(seconds * 4)):
            self.now_s += 0.25
            sent_bps = min(demand_bps * (1 - saved) ** self.ladder.level, self.ladder.rung.max_bit_rate_bps)
            self.queue_bits = max(0.0, self.queue_bits + (sent_bps - self.width_bps) / 4)
            delay_ms = self.queue_bits / self.width_bps * 1000
            self.longest_ms = max(self.longest_ms, delay_ms)
            received_bps = round(min(self.width_bps, sent_bps + self.queue_bits * 4))
            report = PathReport(self.loss, delay_ms, 20.0, received_bps)
            self.ladder.report(report, self.now_s, sent_bps=sent_bps)
            self.levels.append(self.ladder.level)


def test_a_wide_way_gives_the_best_for_ever() -> None:
    road = Road(50_000_000)
    road.drive(120)
    assert set(road.levels) == {0}
    assert road.ladder.cause is Cause.NONE


def test_a_way_that_is_too_narrow_is_matched_in_two_seconds_and_its_queue_drains() -> None:
    road = Road(700_000)
    road.drive(2)
    assert road.ladder.rung.max_bit_rate_bps <= 700_000
    assert road.ladder.cause is Cause.DELAY
    road.drive(20)
    assert road.queue_bits < 0.05 * road.width_bps


def test_a_better_rung_is_tried_ever_less_where_it_fails() -> None:
    road = Road(700_000)
    road.drive(300)
    later = road.levels[-600:]
    assert later.count(3) > 0.7 * len(later)
    assert sum(level < 3 for level in later) < 0.07 * len(later)
    assert road.longest_ms < 1500


def test_a_try_that_fills_the_queue_is_taken_back_within_a_second() -> None:
    road = Road(700_000)
    road.drive(300)
    tries = [len(list(run)) for better, run in itertools.groupby(road.levels[8:], lambda level: level < 3) if better]
    assert tries
    assert max(tries) <= 3


def test_a_try_whose_packets_are_lost_is_taken_back_with_the_first_report() -> None:
    road = Road(700_000)
    road.drive(60)
    while road.ladder.level != 2:
        road.drive(0.25)
    road.ladder.report(PathReport(0.4, 250.0, 20.0, 690_000), road.now_s + 0.25)
    assert road.ladder.level == 3


def test_what_takes_more_than_came_through_is_not_tried_for_a_while() -> None:
    road = Road(700_000)
    road.drive(20)
    assert min(road.levels[8:]) == 3
    road.drive(10)
    assert 2 in road.levels[8:]


def test_a_way_that_widens_gives_the_best_again() -> None:
    road = Road(700_000)
    road.drive(10)
    road.width_bps = 20_000_000
    road.drive(90)
    assert road.ladder.level == 0
    assert road.ladder.cause is Cause.NONE


@pytest.mark.parametrize("longest_ms", [150.0, 900.0])
def test_one_burst_of_delay_costs_nothing(longest_ms: float) -> None:
    ladder = Ladder()
    for second in range(20):
        delay_ms = longest_ms if second == 10 else 5.0
        ladder.report(PathReport(0.0, delay_ms, 10.0, 900_000), 100.0 + second)
    assert ladder.level == 0


def test_a_viewer_whose_processor_is_busy_gives_up_one_rung_and_has_it_back_soon() -> None:
    # What it takes late is all of what was sent, which for a desktop is little.
    ladder = Ladder()
    for number in range(40):
        delay_ms = 400.0 if 20 <= number < 24 else 5.0
        ladder.report(PathReport(0.0, delay_ms, 10.0, 200_000), 100.0 + number / 4, sent_bps=205_000)
        assert ladder.level <= 1
    assert ladder.level == 1
    for number in range(40, 48):
        ladder.report(PathReport(0.0, 5.0, 10.0, 200_000), 100.0 + number / 4, sent_bps=200_000)
    assert ladder.level == 0


def test_little_traffic_on_a_narrower_way_is_halved_not_ended() -> None:
    road = Road(150_000)
    road.drive(10, demand_bps=200_000, saved=0.4)
    assert max(road.levels) <= 2


def test_the_jitter_and_small_loss_of_a_radio_link_cost_nothing() -> None:
    ladder = Ladder()
    for number in range(400):
        ladder.report(
            PathReport((0.0, 0.05, 0.02)[number % 3], (15.0, 40.0, 70.0)[number % 3], 20.0, 900_000), number / 4
        )
    assert ladder.level == 0


def test_loss_that_does_not_fall_with_the_rate_is_the_nature_of_the_way() -> None:
    road = Road(50_000_000, loss=0.15)
    road.drive(60)
    assert max(road.levels) == 1
    assert set(road.levels[-160:]) == {0}


def test_loss_that_falls_with_the_rate_is_believed() -> None:
    ladder = Ladder()
    for number in range(40):
        ladder.report(PathReport(0.3 if ladder.level == 0 else 0.0, 5.0, 20.0, 900_000), number / 4)
        if ladder.level:
            break
    assert ladder.cause is Cause.LOSS
    for number in range(40, 55):
        ladder.report(PathReport(0.0, 5.0, 20.0, 900_000), number / 4)
    assert ladder.level == 1


def test_preferences_give_up_different_things_at_the_same_rate() -> None:
    ladder = Ladder()
    for number in range(2):
        ladder.report(PathReport(0.0, 500.0, 20.0, 900_000), 1.0 + number / 4, sent_bps=2_000_000)
    smooth = ladder.rung
    assert ladder.prefer(Preference.SHARP)
    assert ladder.rung.max_bit_rate_bps == smooth.max_bit_rate_bps == 600_000
    assert ladder.rung.coarser < smooth.coarser
    assert ladder.rung.max_fps < smooth.max_fps
    assert (ladder.rung.shrink, smooth.shrink) == (1, 2)


def test_a_fixed_quality_stays_whatever_comes() -> None:
    road = Road(100_000, Preference.FIXED)
    road.drive(30)
    assert set(road.levels) == {0}


def test_a_thrifty_viewer_never_gets_the_most() -> None:
    ladder = Ladder()
    ladder.prefer(Preference.THRIFTY)
    assert ladder.rung.max_bit_rate_bps <= 1_200_000


def test_each_rung_takes_clearly_less_than_the_one_before() -> None:
    for rungs in RUNGS.values():
        for better, worse in itertools.pairwise(rungs):
            assert worse.max_bit_rate_bps <= 0.6 * better.max_bit_rate_bps or math.isinf(better.max_bit_rate_bps)
            assert worse.max_fps <= better.max_fps
            assert worse.shrink >= better.shrink


@given(
    st.lists(
        st.tuples(
            st.floats(0, 1),
            st.floats(-1e9, 1e9),
            st.integers(-(10**9), 10**12),
            st.floats(0, 30),
            st.sampled_from(Preference),
        ),
        max_size=60,
    )
)
def test_any_reports_leave_it_on_its_ladder(reports: list[tuple[float, float, int, float, Preference]]) -> None:
    ladder, now_s = Ladder(), 0.0
    for loss, delay_ms, received_bps, pause_s, preference in reports:
        now_s += pause_s
        ladder.report(PathReport(loss, delay_ms, 20.0, received_bps), now_s)
        if pause_s > 25:
            ladder.prefer(preference)
        assert ladder.rung in {rung for rungs in RUNGS.values() for rung in rungs}
        assert 0.0 <= ladder.loss <= 1.0
