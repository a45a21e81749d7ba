from dataclasses import replace

import pytest

from backend.contract.instance import InstanceState
from backend.contract.status import GuestReport, GuestState, StreamerStatus
from backend.discovery.condition import (
    BOOT_GRACE_S,
    FIRST_PICTURE_S,
    LOST_AFTER_S,
    Condition,
    compose,
    of_guest,
    of_silence,
    of_status,
)
from backend.discovery.source import Sighting

SIGHTING = Sighting(id="instance-0", slot=0, name="PC 1")


@pytest.mark.parametrize("state", GuestState)
def test_every_state_of_a_guest_says_why_unless_it_is_ready(state: GuestState) -> None:
    condition = of_guest(GuestReport(state))
    assert (condition.state is InstanceState.READY) == (state is GuestState.RUNNING)
    assert bool(condition.reason) == (state is not GuestState.RUNNING)


def test_the_words_of_the_guest_are_passed_on() -> None:
    assert of_guest(GuestReport(GuestState.HUNG, "It spins.")).reason == "It spins."


def test_a_guest_that_rests_is_well_and_says_so() -> None:
    condition = of_guest(GuestReport(GuestState.RUNNING, "It sleeps while nobody watches."))
    assert condition == Condition(InstanceState.READY, "It sleeps while nobody watches.", 100)


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


@pytest.mark.parametrize(
    ("told", "streamer", "trusted", "state"),
    [
        (InstanceState.READY, of_guest(GuestReport(GuestState.RUNNING)), False, InstanceState.READY),
        (InstanceState.READY, None, False, InstanceState.READY),
        (InstanceState.READY, of_guest(GuestReport(GuestState.HUNG)), True, InstanceState.DEGRADED),
        (InstanceState.READY, of_silence(60.0, heard=False, cause="refused"), True, InstanceState.READY),
        (InstanceState.READY, of_silence(5.0, heard=False, cause="refused"), False, InstanceState.DEGRADED),
        (InstanceState.READY, of_silence(60.0, heard=False, cause="refused"), False, InstanceState.LOST),
        (InstanceState.READY, of_silence(60.0, heard=True, cause="refused"), True, InstanceState.LOST),
        (InstanceState.BOOTING, of_guest(GuestReport(GuestState.RUNNING)), True, InstanceState.BOOTING),
        (InstanceState.BOOTING, of_silence(60.0, heard=False, cause="refused"), False, InstanceState.BOOTING),
        (InstanceState.DEGRADED, of_guest(GuestReport(GuestState.BOOTING)), True, InstanceState.DEGRADED),
        (InstanceState.PENDING, of_silence(60.0, heard=True, cause="refused"), True, InstanceState.PENDING),
        (InstanceState.TERMINATING, of_guest(GuestReport(GuestState.RUNNING)), True, InstanceState.TERMINATING),
    ],
)
def test_an_instance_is_as_well_as_its_sickest_part(
    told: InstanceState, streamer: Condition | None, trusted: bool, state: InstanceState
) -> None:
    sighting = replace(SIGHTING, state=told, reason="" if told is InstanceState.READY else "The cluster says so.")
    composed = compose(sighting, streamer, trusted=trusted)
    assert composed.state is state
    assert bool(composed.reason) == (state is not InstanceState.READY)


def test_a_running_guest_that_never_showed_a_picture_is_degraded() -> None:
    status = StreamerStatus(instance="instance-0", guest=GuestReport(GuestState.RUNNING), uptime_s=FIRST_PICTURE_S + 1)
    assert of_status("instance-0", status).state is InstanceState.DEGRADED
    assert of_status("instance-0", replace(status, uptime_s=1.0)).state is InstanceState.READY
    assert of_status("instance-0", replace(status, picture_age_s=4000.0)).state is InstanceState.READY
