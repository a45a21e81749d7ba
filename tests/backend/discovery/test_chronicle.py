import logging
from dataclasses import replace

import pytest

from backend.contract.instance import Instance, InstanceState
from backend.discovery.chronicle import NAMED, Chronicle


@pytest.fixture(autouse=True)
def all_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def pc(number: int, state: InstanceState, reason: str = "") -> Instance:
    return Instance(id=f"instance-{number}", slot=number, name=f"PC {number + 1}", state=state, reason=reason)


def change(chronicle: Chronicle, number: int, reason: str = "It hangs.") -> None:
    chronicle.note(pc(number, InstanceState.READY), pc(number, InstanceState.DEGRADED, reason))


def test_one_change_is_one_line_with_its_reason(caplog: pytest.LogCaptureFixture) -> None:
    chronicle = Chronicle()
    change(chronicle, 3)
    assert not caplog.messages
    chronicle.tell()
    assert caplog.messages == ["instance-3: ready -> degraded: It hangs."]


def test_what_changed_alike_is_told_together_and_the_rest_apart(caplog: pytest.LogCaptureFixture) -> None:
    chronicle = Chronicle()
    for number in range(NAMED):
        change(chronicle, number)
    change(chronicle, 40, "It is paused.")
    chronicle.note(pc(41, InstanceState.BOOTING, "Soon."), pc(41, InstanceState.READY))
    chronicle.tell()
    assert caplog.messages == [
        ", ".join(f"instance-{number}" for number in range(NAMED)) + ": ready -> degraded: It hangs.",
        "instance-40: ready -> degraded: It is paused.",
        "instance-41: booting -> ready",
    ]


def test_a_crowd_is_counted(caplog: pytest.LogCaptureFixture) -> None:
    chronicle = Chronicle()
    for number in range(200):
        change(chronicle, number)
    chronicle.tell()
    (line,) = caplog.messages
    assert line.startswith("instance-0, instance-1,")
    assert line.endswith(f"and {200 - NAMED} more: ready -> degraded: It hangs.")


def test_nothing_is_told_twice_nor_what_is_no_change_of_state(caplog: pytest.LogCaptureFixture) -> None:
    chronicle = Chronicle()
    ready = pc(1, InstanceState.READY)
    chronicle.note(ready, replace(ready, name="Anna"))
    change(chronicle, 2)
    chronicle.tell()
    chronicle.tell()
    assert caplog.messages == ["instance-2: ready -> degraded: It hangs."]
