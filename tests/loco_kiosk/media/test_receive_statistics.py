import pytest

from loco_kiosk.media.receive_statistics import ReceiveStatistics


def filled(sequences: list[int], spacing_us: int = 33_333) -> ReceiveStatistics:
    statistics = ReceiveStatistics(90_000)
    for index, sequence in enumerate(sequences):
        statistics.add(5, sequence & 0xFFFF, index * 3000, 100, 1_000_000 + index * spacing_us)
    return statistics


def test_there_is_no_report_before_the_first_packet() -> None:
    assert ReceiveStatistics(90_000).report() is None


def test_nothing_is_lost_over_the_wrap_of_the_sequence_number() -> None:
    statistics = filled(list(range(65_500, 65_600)))
    report = statistics.report()
    assert report is not None
    assert (report.ssrc, report.fraction_lost, report.packets_lost) == (5, 0, 0)
    assert report.highest_sequence == (1 << 16) + (65_599 & 0xFFFF)
    assert statistics.octets == 100 * 100


def test_losses_are_a_fraction_of_the_interval_and_a_total() -> None:
    statistics = filled([sequence for sequence in range(100) if sequence % 4])
    first = statistics.report()
    assert first is not None
    assert first.packets_lost == 24  # the first packet that came is the first that is expected
    assert first.fraction_lost == (24 << 8) // 99
    for sequence in range(100, 200):
        statistics.add(5, sequence, sequence * 3000, 100, sequence * 33_333)
    second = statistics.report()
    assert second is not None
    assert (second.fraction_lost, second.packets_lost) == (0, 24)


def test_duplicates_never_make_a_negative_fraction() -> None:
    report = filled([1, 1, 1, 2]).report()
    assert report is not None
    assert report.fraction_lost == 0
    assert report.packets_lost == -2


def test_even_spacing_has_no_jitter_and_uneven_has() -> None:
    assert filled(list(range(50))).jitter_ms < 0.05
    uneven = ReceiveStatistics(90_000)
    for index in range(400):
        uneven.add(5, index, index * 3000, 100, index * 33_333 + (index % 2) * 8_000)
    assert uneven.jitter_ms == pytest.approx(8.0, rel=0.05)


def test_a_restarted_source_counts_from_zero() -> None:
    statistics = filled([1, 2, 9])
    statistics.add(6, 500, 0, 100, 0)
    report = statistics.report()
    assert report is not None
    assert (report.ssrc, report.packets_lost) == (6, 0)
