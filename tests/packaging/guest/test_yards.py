"""Several real demo guests on one Ethernet, good and bad: every train is somewhere, once."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from tests.packaging.guest.machine import Machine, wait_until
from tests.packaging.guest.relay import Cable, Relay, Trouble
from tests.packaging.guest.station import Station, count_of, full_speed
from tests.packaging.guest.yard_protocol import Kind

pytestmark = pytest.mark.qemu

BAD: Final = Trouble(lost=0.3, doubled=0.3, late=0.4, late_s=1.5)
SETTLE_S: Final = 30.0


@dataclass
class Ledger:
    """What one guest's markers say of its trains since its last start or restore, when it had one."""

    machine: Machine
    arrived: list[int] = field(default_factory=list)
    departed: list[int] = field(default_factory=list)
    acknowledged: list[int] = field(default_factory=list)
    ever_arrived: set[int] = field(default_factory=set)
    ever_acknowledged: set[int] = field(default_factory=set)
    _read: Counter[str] = field(default_factory=Counter)

    def read(self) -> None:
        """Takes in what the guest wrote since the last time."""
        for letter, ids in (("A", self.arrived), ("D", self.departed), ("Q", self.acknowledged)):
            markers = self.machine.markers(letter)[self._read[letter] :]
            self._read[letter] += len(markers)
            ids += [int(marker[1], 16) for marker in markers]
        self.ever_arrived |= set(self.arrived)
        self.ever_acknowledged |= set(self.acknowledged)

    def forget(self) -> None:
        """The guest was just taken back to its start."""
        self.read()
        self.arrived, self.departed, self.acknowledged = [], [], []

    @property
    def trains(self) -> int:
        """How many it has, but for those that a neighbour agreed to take."""
        return 1 + len(self.arrived) - len(self.departed)

    @property
    def under_way(self) -> set[int]:
        """Hand-overs that it will go on with until they are acknowledged."""
        return set(self.departed) - set(self.acknowledged)


@contextmanager
def yards(image: Path, directory: Path, relay: Relay, count: int) -> Iterator[list[Ledger]]:
    """So many guests whose trains run at full speed."""
    with ExitStack() as stack:
        ledgers = []
        for number in range(1, count + 1):
            machine = Machine(directory / f"m{number}", image, cable=relay.cable(number), number=str(number))
            ledgers.append(Ledger(stack.enter_context(machine)))
        for ledger in ledgers:
            ledger.machine.wait_for_markers("R")
            full_speed(ledger.machine)
        yield ledgers


def read(ledgers: list[Ledger]) -> None:
    for ledger in ledgers:
        ledger.read()


def settled(ledgers: list[Ledger], relay: Relay) -> None:
    """Nothing is under way any more, on an Ethernet that works again."""
    relay.trouble, relay.cut = Trouble(), frozenset()

    def nothing_under_way() -> bool:
        read(ledgers)
        return not any(ledger.under_way for ledger in ledgers)

    wait_until(nothing_under_way, "the end of every hand-over", SETTLE_S)


def said_trains(relay: Relay, count: int) -> int:
    """What the guests said last of how many they have."""
    said = {message.number: message.trains for message in relay.messages() if message.kind is Kind.HELLO}
    assert len(said) == count
    return sum(said.values())


def assert_each_train_once(ledgers: list[Ledger], relay: Relay) -> None:
    departed = [identity for ledger in ledgers for identity in ledger.departed]
    arrived = [identity for ledger in ledgers for identity in ledger.arrived]
    assert len(set(departed)) == len(departed)
    assert sorted(arrived) == sorted(departed)
    assert sum(ledger.trains for ledger in ledgers) == len(ledgers)
    wait_until(lambda: said_trains(relay, len(ledgers)) == len(ledgers), "HELLOs of as many trains as there are")


@pytest.mark.parametrize("trouble", [Trouble(), BAD], ids=["good", "bad"])
def test_two_yards_exchange_trains_and_each_arrives_once(
    image: Path, tmp_path: Path, relay: Relay, trouble: Trouble
) -> None:
    relay.trouble = trouble
    with yards(image, tmp_path, relay, 2) as ledgers:
        wait_until(lambda: all(count_of(ledger.machine, "A") >= 3 for ledger in ledgers), "three arrivals each", 90)
        settled(ledgers, relay)
        assert_each_train_once(ledgers, relay)
    assert trouble == Trouble() or min(relay.happened[what] for what in ("lost", "doubled", "late")) > 10


def test_a_cut_cable_holds_trains_up_and_loses_none(image: Path, tmp_path: Path, relay: Relay) -> None:
    with yards(image, tmp_path, relay, 3) as ledgers:
        middle = ledgers[1].machine
        for _time in range(3):
            arrivals = count_of(middle, "A")
            wait_until(lambda before=arrivals: count_of(middle, "A") > before, "an arrival in the middle", 40)  # type: ignore[misc]
            relay.cut = frozenset({middle.cable})
            silences = count_of(middle, "N")
            wait_until(lambda before=silences: count_of(middle, "N") >= before + 2, "both neighbours silent", 20)  # type: ignore[misc]
            relay.cut = frozenset()
        settled(ledgers, relay)
        assert_each_train_once(ledgers, relay)


def test_nine_yards_pass_their_trains_round(image: Path, tmp_path: Path, relay: Relay) -> None:
    relay.trouble = Trouble(lost=0.05, doubled=0.05, late=0.1)
    with yards(image, tmp_path, relay, 9) as ledgers:
        # Mostly in this order; a train that waits for a lost answer may be overtaken by the next.
        wait_until(lambda: travellers(ledgers[4]) >= {4, 3, 2, 1}, "the trains of the four yards before", 100)
        settled(ledgers, relay)
        assert_each_train_once(ledgers, relay)


def travellers(ledger: Ledger) -> set[int]:
    """Yards whose trains have arrived."""
    return {int(marker[2]) for marker in ledger.machine.markers("A")}


def test_restores_at_any_moment_double_and_lose_no_train_under_way(image: Path, tmp_path: Path, relay: Relay) -> None:
    dice = random.Random(11)
    relay.trouble = Trouble(lost=0.2, doubled=0.2, late=0.3)
    with yards(image, tmp_path, relay, 3) as ledgers:
        for ledger in ledgers:
            assert ledger.machine.monitor("savevm start").strip() == ""
        read(ledgers)
        assert not any(ledger.departed for ledger in ledgers)
        for _restore in range(8):
            restore_one(dice, ledgers)
        settled(ledgers, relay)
        assert_nothing_twice(ledgers)
        expected = sum(ledger.trains for ledger in ledgers)
        wait_until(lambda: said_trains(relay, 3) == expected, f"HELLOs of {expected} trains")


def restore_one(dice: random.Random, ledgers: list[Ledger]) -> None:
    """Waits until a train is under way, or for a while, and takes one of the yards back to its start."""
    deadline = time.monotonic() + dice.uniform(3, 9)
    while time.monotonic() < deadline:
        read(ledgers)
        if dice.random() < 0.5 and any(ledger.under_way for ledger in ledgers):
            break
    ledger = dice.choice(ledgers)
    ledger.machine.execute("stop")
    ledger.read()
    assert ledger.machine.monitor("loadvm start").strip() == ""
    ledger.forget()
    ledger.machine.execute("cont")
    full_speed(ledger.machine)


def assert_nothing_twice(ledgers: list[Ledger]) -> None:
    """Of what happened since each yard was last taken back."""
    arrived = [identity for ledger in ledgers for identity in ledger.arrived]
    assert len(set(arrived)) == len(arrived)
    ever_arrived = {identity for ledger in ledgers for identity in ledger.ever_arrived}
    assert {identity for ledger in ledgers for identity in ledger.ever_acknowledged} <= ever_arrived
    for ledger in ledgers:
        assert len(set(ledger.departed)) == len(ledger.departed)
        assert set(ledger.departed) == set(ledger.acknowledged)


def test_a_guest_goes_on_without_a_switch(image: Path, tmp_path: Path, relay: Relay) -> None:
    cable = Cable(relay.cable(1).guest, tmp_path / "nothing", "02:4c:4f:43:4f:01")
    with Machine(tmp_path / "m", image, cable=cable, number="1") as machine:
        machine.wait_for_markers("F", 3)
        assert count_of(machine, "E") == 0


def test_a_guest_goes_on_when_its_switch_is_started_anew(image: Path, tmp_path: Path, relay: Relay) -> None:
    cables = [relay.cable(number) for number in (1, 2)]
    with (
        Machine(tmp_path / "m", image, cable=cables[0], number="1", still="1") as machine,
        Station(cables[1], cables[0], 2) as station,
    ):
        until_news(machine, station, 1)
        relay.unplug(cables[0])
        until_news(machine, station, 2)
        relay.plug(cables[0])
        until_news(machine, station, 3)
        station.hear(Kind.HELLO)
        assert [marker[2] for marker in machine.markers("N")] == ["1", "0", "1"]


def until_news(machine: Machine, station: Station, count: int) -> None:
    """Waits for a marker that tells of the station, which greets all the time."""

    def told() -> bool:
        station.listen(0.05)
        return count_of(machine, "N") >= count

    wait_until(told, f"news {count} of the station")


def test_a_guest_that_is_started_anew_is_heard_at_once(image: Path, tmp_path: Path, relay: Relay) -> None:
    cables = [relay.cable(number) for number in (1, 2)]
    with Station(cables[1], cables[0], 2) as station:
        for start in ("m", "n"):
            with Machine(tmp_path / start, image, cable=cables[0], number="1", still="1"):
                station.hear(Kind.HELLO)
