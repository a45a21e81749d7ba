import pytest

from loco_kiosk.client.meters import KeyMeter, PictureMeter, RateMeter


def test_the_rate_of_pictures_is_that_of_the_last_second() -> None:
    meter = PictureMeter()
    assert meter.fps(0) == 0
    for number in range(60):
        meter.add(None, number * 33_333, number * 3000, 0)
    assert meter.fps(59 * 33_333) == 31
    assert meter.fps(10_000_000) == 0


def test_the_delay_is_the_median_of_the_last_second_and_stays_while_the_screen_is_still() -> None:
    meter = PictureMeter()
    assert meter.delay_ms(0) is None
    for captured_us, decoded_us in ((0, 2_000), (10_000, 13_000), (20_000, 90_000), (30_000, None)):
        meter.add(captured_us, decoded_us or 95_000, 0, 0)
    meter.add(None, 96_000, 0, 0)
    assert meter.delay_ms(100_000) == pytest.approx((3.0 + 65.0) / 2, abs=32)
    kept = meter.delay_ms(100_000)
    assert meter.delay_ms(50_000_000) == kept


def test_a_freeze_is_a_gap_in_which_the_guest_drew() -> None:
    meter = PictureMeter()
    for decoded_ms, drawn_ms, losses in (
        (0, 0, 0),
        (2000, 2000, 0),  # a still screen
        (2033, 2033, 0),
        (2333, 2066, 0),  # late: repaired after 300 ms
        (2334, 2100, 0),
        (2734, 2500, 1),  # pictures were given up in between
        (2800, 2566, 1),
    ):
        meter.add(None, decoded_ms * 1000, drawn_ms * 90, losses)
    assert meter.freezes == 2
    assert meter.frozen_ms == pytest.approx(700)
    assert meter.longest_freeze_ms == pytest.approx(400)


def test_the_gap_of_a_new_connection_is_no_freeze() -> None:
    meter = PictureMeter()
    meter.add(None, 0, 0, 0)
    meter.pause()
    meter.add(None, 9_000_000, 90, 0)
    assert meter.freezes == 0


def test_a_counter_gives_its_growth_per_second() -> None:
    meter = RateMeter()
    assert meter.per_second(0, 0) == 0
    rates = [meter.per_second(number * 100, number * 100_000) for number in range(1, 30)]
    assert rates[-1] == pytest.approx(1000)
    still = [meter.per_second(2900, 3_000_000 + number * 500_000) for number in range(6)]
    assert still[-1] == 0


def test_a_counter_that_starts_anew_gives_no_negative_rate() -> None:
    meter = RateMeter()
    meter.per_second(1000, 0)
    assert meter.per_second(5, 500_000) == 0
    assert meter.per_second(10, 1_000_000) == pytest.approx(10)


def test_a_key_is_timed_to_the_picture_that_shows_it_whichever_news_comes_first() -> None:
    meter = KeyMeter()
    meter.sent(1, 1_000)
    meter.shown(1, 500)
    meter.picture(499, 5_000)
    assert meter.last_ms is None
    meter.picture(500, 9_000)
    assert meter.last_ms == 8.0
    meter.sent(2, 10_000)
    meter.picture(600, 12_000)
    meter.picture(700, 40_000)
    meter.shown(2, 600)
    assert meter.last_ms == 2.0


def test_what_was_never_sent_is_ignored_and_nothing_grows() -> None:
    meter = KeyMeter()
    meter.shown(9, 1)
    for number in range(1000):
        meter.sent(number, number)
        meter.picture(number, number)
    meter.shown(1, 5)
    assert meter.last_ms is None
