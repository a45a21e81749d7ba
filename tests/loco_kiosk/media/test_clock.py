from hypothesis import given
from hypothesis import strategies as st

from loco_kiosk.media.clock import KEPT, StreamerClock


def test_nothing_is_known_before_the_first_exchange() -> None:
    clock = StreamerClock()
    assert clock.captured_us(1, 1) is None
    assert clock.round_trip_us is None


@given(
    offset_us=st.integers(-(10**13), 10**13),
    there_us=st.integers(0, 500),
    back_us=st.integers(0, 500),
    origin=st.integers(0, 2**32 - 1),
    age_us=st.integers(0, 10_000_000),
)
def test_capture_times_are_right_within_half_a_round_trip(
    offset_us: int, there_us: int, back_us: int, origin: int, age_us: int
) -> None:
    sent_us = 10**13 + 5
    clock = StreamerClock()
    assert clock.add(sent_us, sent_us + there_us + offset_us, sent_us + there_us + back_us, origin)
    captured_us = 2 * 10**13
    rtp_timestamp = ((captured_us + offset_us) * 9 // 100 + origin) & 0xFFFF_FFFF
    seen_us = clock.captured_us(rtp_timestamp, captured_us + age_us)
    assert seen_us is not None
    assert abs(seen_us - captured_us) <= (there_us + back_us) / 2 + 25  # 90 kHz has 11 us steps


def test_the_shortest_round_trip_counts_and_is_forgotten_in_time() -> None:
    clock = StreamerClock()
    clock.add(0, 50, 100, 0)
    clock.add(1000, 9_000, 10_000, 0)
    assert clock.round_trip_us == 100
    for number in range(KEPT):
        clock.add(number * 10_000, number * 10_000 + 300, number * 10_000 + 600, 0)
    assert clock.round_trip_us == 600


def test_impossible_answers_are_refused() -> None:
    clock = StreamerClock()
    assert not clock.add(100, 0, 99, 0)
    assert not clock.add(0, 0, 60_000_000, 0)
    assert clock.round_trip_us is None
