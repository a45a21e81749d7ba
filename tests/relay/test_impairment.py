"""What the pretended network does."""

import itertools

import pytest

from tests.relay.impairment import Impairment, Path

COUNT = 20_000


def fates(impairment: Impairment, count: int = COUNT, every_s: float = 0.001, size: int = 972) -> list[float | None]:
    path = Path(impairment, seed=3)
    return [path.arrival_s(size, number * every_s) for number in range(count)]


def test_a_good_network_passes_everything_at_once() -> None:
    assert fates(Impairment(), 10) == [number * 0.001 for number in range(10)]


@pytest.mark.parametrize("burst", [1.0, 5.0])
def test_as_much_is_lost_as_said_one_by_one_or_in_bursts(burst: float) -> None:
    lost = [fate is None for fate in fates(Impairment(loss=0.1, burst=burst))]
    assert sum(lost) / COUNT == pytest.approx(0.1, abs=0.02)
    lengths = [len(list(group)) for is_lost, group in itertools.groupby(lost) if is_lost]
    assert sum(lengths) / len(lengths) == pytest.approx(max(burst, 1 / 0.9), rel=0.2)


def test_the_same_seed_has_the_same_losses() -> None:
    assert fates(Impairment(loss=0.3), 100) == fates(Impairment(loss=0.3), 100)


def test_jitter_reorders_unless_told_otherwise() -> None:
    free = [fate for fate in fates(Impairment(delay_ms=5, jitter_ms=20), 500) if fate is not None]
    assert free != sorted(free)
    assert all(0.005 <= out - number * 0.001 <= 0.025 for number, out in enumerate(free))
    ordered = [fate for fate in fates(Impairment(jitter_ms=20, in_order=True), 500) if fate is not None]
    assert ordered == sorted(ordered)


def test_a_part_is_held_back() -> None:
    late = [out - n * 0.001 > 0.004 for n, out in enumerate(fates(Impairment(reorder=0.25))) if out is not None]
    assert sum(late) / COUNT == pytest.approx(0.25, abs=0.02)


def test_a_narrow_line_fills_its_queue_and_then_loses() -> None:
    path = Path(Impairment(rate_bps=1_000_000, queue_ms=50), seed=1)
    outs = [path.arrival_s(972, 0.0) for _ in range(20)]  # 8 ms each
    passed = [out for out in outs if out is not None]
    assert passed == pytest.approx([0.008 * (number + 1) for number in range(len(passed))])
    assert len(passed) == 7  # the last one enters at a queue of 48 ms
    assert (path.passed, path.overflowed, path.lost) == (7, 13, 0)


def test_an_idle_line_is_free_again() -> None:
    path = Path(Impairment(rate_bps=1_000_000), seed=1)
    path.arrival_s(972, 0.0)
    assert path.arrival_s(972, 5.0) == pytest.approx(5.008)
