import logging

import pytest

from backend.discovery.kubernetes.reflector import Phase
from backend.discovery.kubernetes.witness import FIRST_LIST_S, LASTING_S, REUNION_S, Belief, Copies, Witnesses
from tests.backend.discovery.kubernetes.test_view import Held


class Court:
    def __init__(self) -> None:
        self.now_s = 100.0
        self.pods, self.slices = Held(), Held()
        self.endpoints = Held(phase=Phase.INIT, confirmed_s=0.0)
        self.witnesses = Witnesses(Copies(self.pods, self.slices, self.endpoints), lambda: self.now_s)

    def believed(self) -> tuple[bool, bool] | None:
        belief = self.witnesses.ask()
        return (belief.pods, belief.endpoints) if belief else None

    def after(self, seconds: float) -> tuple[bool, bool] | None:
        self.now_s += seconds
        return self.believed()


def test_both_are_believed_while_both_are_live_and_are_as_sure_as_the_older_one() -> None:
    court = Court()
    court.slices.confirmed_s = 98.0
    assert court.witnesses.ask() == Belief(pods=True, endpoints=True, confirmed_s=98.0)


def test_the_end_of_both_is_not_told_by_the_one_that_notices_it_later() -> None:
    court = Court()
    court.believed()
    court.pods.fail("Away.")
    assert court.after(0.1) == (True, True)
    court.slices.fail("Away.")
    assert court.after(0.1) is None
    assert court.witnesses.why_silent() == "Away."


def test_after_an_outage_the_first_that_is_back_waits_for_the_other_but_not_for_long() -> None:
    court = Court()
    court.pods.fail("Away.")
    court.slices.fail("Away.")
    assert court.believed() is None
    court.slices.phase = Phase.LIVE
    assert court.believed() is None
    assert court.after(REUNION_S) == (False, True)
    court.pods.phase = Phase.LIVE
    assert court.believed() == (True, True)


def test_the_first_list_is_waited_for_longer_unless_it_is_denied() -> None:
    court = Court()
    court.slices.phase, court.slices.confirmed_s = Phase.SYNCING, 0.0
    assert court.believed() is None
    assert court.after(FIRST_LIST_S - 0.1) is None
    assert court.after(0.1) == (True, False)
    denied = Court()
    denied.slices.confirmed_s = 0.0
    denied.slices.fail("Forbidden.", denied=True)
    denied.endpoints.denied = True
    assert denied.believed() == (True, False)


def test_who_decides_alone_for_long_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    court = Court()
    court.believed()
    court.pods.fail("No answer.")
    for _ in range(4):
        court.after(LASTING_S / 2)
    court.pods.phase = Phase.LIVE
    court.slices.fail("Broken off.")
    for _ in range(4):
        court.after(LASTING_S / 2)
    court.slices.phase = Phase.LIVE
    court.believed()
    assert [record.getMessage() for record in caplog.records] == [
        "the endpoints alone tell of the emulators: No answer.",
        "pods and endpoints can both be read again",
        "the pods alone tell of the emulators: Broken off.",
        "pods and endpoints can both be read again",
    ]


def test_who_is_allowed_nothing_is_told_what_to_allow() -> None:
    court = Court()
    for held in (court.pods, court.slices, court.endpoints):
        held.fail("The API server answered 403.", denied=True)
    assert "Role" in court.witnesses.why_silent()
