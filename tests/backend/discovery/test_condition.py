import pytest

from backend.contract.instance import InstanceState
from backend.contract.status import GuestReport, GuestState, StreamerStatus
from backend.discovery.condition import BOOT_GRACE_S, LOST_AFTER_S, compose, of_guest, of_silence, of_status
from backend.discovery.source import Sighting

SIGHTING = Sighting(id="instance-0", slot=0, name="PC 1")


@pytest.mark.parametrize("state", GuestState)
def test_every_state_of_a_guest_says_why_unless_it_is_ready(state: GuestState) -> None:
    condition = of_guest(GuestReport(state))
    assert (condition.state is InstanceState.READY) == (state is GuestState.RUNNING)
    assert bool(condition.reason) == (state is not GuestState.RUNNING)


def test_the_words_of_the_guest_are_passed_on() -> None:
    assert of_guest(GuestReport(GuestState.HUNG, "It spins.")).reason == "It spins."


def test_a_streamer_of_another_instance_is_found_out() -> None:
    status = StreamerStatus(instance="instance-7", guest=GuestReport(GuestState.RUNNING))
    condition = of_status("instance-0", status)
    assert condition.state is InstanceState.DEGRADED
    assert "instance-7" in condition.reason


@pytest.mark.parametrize(
    ("silence_s", "heard", "state"),
    [
        (0.1, False, InstanceState.BOOTING),
        (BOOT_GRACE_S, False, InstanceState.LOST),
        (3.0, True, InstanceState.DEGRADED),
        (LOST_AFTER_S, True, InstanceState.LOST),
    ],
)
def test_silence_is_booting_degraded_or_lost(silence_s: float, heard: bool, state: InstanceState) -> None:
    assert of_silence(silence_s, heard=heard, cause="refused").state is state


def test_what_the_source_knows_of_the_guest_comes_first() -> None:
    ready = of_guest(GuestReport(GuestState.RUNNING))
    assert compose(SIGHTING, ready, vanished=False) == ready
    assert compose(SIGHTING, ready, vanished=True).state is InstanceState.GONE
    known = Sighting(id="instance-0", slot=0, name="PC 1", guest=GuestReport(GuestState.RESTARTING, "No such image."))
    assert compose(known, ready, vanished=False).reason == "No such image."
    assert compose(SIGHTING, None, vanished=False).state is InstanceState.BOOTING
