import asyncio
import time

from backend.discovery.kubernetes.trust import Phase, Trust


class Told(list[tuple[str, str]]):
    def __init__(self) -> None:
        self.trust = Trust(lambda: self.append((self.trust.phase, self.trust.reason)))


def test_it_goes_from_init_over_syncing_to_live_and_tells_each_once() -> None:
    told = Told()
    assert told.trust.phase is Phase.INIT
    told.trust.begin()
    told.trust.confirm()
    told.trust.confirm()
    assert told == [("syncing", ""), ("live", "")]


def test_a_confirmation_has_a_time() -> None:
    told = Told()
    assert told.trust.confirmed_s == 0
    told.trust.confirm()
    assert 0 <= time.monotonic() - told.trust.confirmed_s < 1


def test_before_the_first_list_a_doubt_gives_a_reason_but_there_is_nothing_that_is_stale() -> None:
    told = Told()
    told.trust.begin()
    told.trust.doubt("No answer.")
    assert told == [("syncing", ""), ("syncing", "No answer.")]


async def test_a_doubt_waits_for_a_proof() -> None:
    told = Told()
    told.trust.confirm()
    told.trust.doubt("It broke.", after_s=0.02)
    told.trust.confirm()
    await asyncio.sleep(0.05)
    assert told == [("live", "")]


async def test_without_proof_the_newest_reason_is_told_when_the_first_doubt_is_old_enough() -> None:
    told = Told()
    told.trust.confirm()
    began = time.monotonic()
    told.trust.doubt("It broke.", after_s=0.05)
    await asyncio.sleep(0.03)
    told.trust.doubt("It refuses.", after_s=0.05)
    while told.trust.phase is Phase.LIVE:
        assert time.monotonic() - began < 1
        await asyncio.sleep(0.001)
    assert time.monotonic() - began < 0.08
    assert told[1:] == [("stale", "It refuses.")]


def test_a_stale_copy_gets_every_new_reason_and_each_once() -> None:
    told = Told()
    told.trust.confirm()
    for reason in ("One.", "One.", "Two."):
        told.trust.doubt(reason)
    assert told[1:] == [("stale", "One."), ("stale", "Two.")]


async def test_a_watch_that_is_being_opened_does_not_hide_why() -> None:
    told = Told()
    told.trust.confirm()
    told.trust.doubt("It broke.", after_s=0.01)
    told.trust.unwatched(0.01)
    await asyncio.sleep(0.05)
    told.trust.unwatched(0.01)
    assert told[1:] == [("stale", "It broke.")]


def test_what_was_seen_without_a_watch_is_not_live() -> None:
    told = Told()
    told.trust.begin()
    told.trust.seen()
    told.trust.doubt("No watch.")
    assert told.trust.confirmed_s > 0
    assert told[-1] == ("stale", "No watch.")


def test_a_refusal_is_told_once_and_so_is_its_end() -> None:
    told = Told()
    for denied in (True, True, False, False):
        told.trust.deny(denied=denied)
    assert len(told) == 2


async def test_after_close_no_doubt_is_told() -> None:
    told = Told()
    told.trust.confirm()
    told.trust.doubt("It broke.", after_s=0.01)
    told.trust.close()
    await asyncio.sleep(0.03)
    assert told == [("live", "")]
