from backend.contract.control import PathReport
from backend.streamer.copies import Copies


def decided(
    loss: float, round_trip_ms: float = 20.0, delay_ms: float = 5.0, *, full_quality: bool = True
) -> tuple[bool, bool]:
    copies = Copies()
    copies.report(PathReport(loss, delay_ms, round_trip_ms, 900_000), loss, full_quality=full_quality, now_s=1.0)
    return copies.pictures, copies.sound


def test_nothing_is_copied_where_nothing_is_lost() -> None:
    assert decided(0.0) == decided(0.004) == (False, False)


def test_pictures_are_copied_where_a_retransmission_takes_long_and_sound_wherever_packets_are_lost() -> None:
    assert decided(0.03) == (True, True)
    assert decided(0.03, round_trip_ms=2.0) == (False, True)


def test_copies_do_not_feed_a_full_queue_or_a_narrow_way() -> None:
    assert decided(0.2, delay_ms=200.0) == (False, False)
    assert decided(0.2, full_quality=False) == (False, False)


def test_the_way_is_looked_at_without_copies_now_and_then() -> None:
    copies = Copies()
    shown = []
    for second in range(70):
        lost = 0.0 if copies.sound else 0.05
        copies.report(PathReport(lost, 5.0, 20.0, 900_000), lost, full_quality=True, now_s=float(second))
        shown.append(copies.sound)
    assert 65 <= sum(shown) < 70
