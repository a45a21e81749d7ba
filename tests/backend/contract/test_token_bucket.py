import pytest

from backend.contract.token_bucket import TokenBucket


def test_a_burst_passes_and_then_the_rate() -> None:
    bucket = TokenBucket(10, 3)
    assert [bucket.take(1.0) for _ in range(4)] == [True, True, True, False]
    assert bucket.wait_s(1.0) == pytest.approx(0.1)
    assert not bucket.take(1.05)
    assert bucket.take(1.11)


def test_a_long_pause_saves_no_more_than_the_burst() -> None:
    bucket = TokenBucket(10, 2)
    bucket.take(1.0)
    assert [bucket.take(100.0) for _ in range(3)] == [True, True, False]


def test_a_clock_that_stands_gives_nothing() -> None:
    bucket = TokenBucket(10, 1)
    assert bucket.take(5.0)
    assert not bucket.take(5.0)


def test_what_is_spent_on_credit_is_waited_for() -> None:
    bucket = TokenBucket(10, 1)
    bucket.spend(1.0)
    bucket.spend(1.0)
    assert bucket.wait_s(1.0) == pytest.approx(0.2)


def test_a_debt_grows_no_further_than_a_burst() -> None:
    bucket = TokenBucket(10, 2)
    for _ in range(50):
        bucket.spend(1.0)
    assert bucket.wait_s(1.0) == pytest.approx(0.3)
