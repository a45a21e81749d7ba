from dataclasses import replace

import pytest

from backend.contract.instance import Instance, InstanceState
from backend.contract.status import GuestReport, GuestState, StreamerStatus
from backend.discovery.condition import of_status
from backend.discovery.health import CACHED_S, Judge, score
from backend.discovery.registry import Registry
from backend.discovery.source import Sighting, Upsert

READY = Instance(id="instance-0", slot=0, name="PC 1", state=InstanceState.READY)
WELL = StreamerStatus(
    instance="instance-0",
    guest=GuestReport(GuestState.RUNNING),
    viewers=2,
    picture_age_s=0.1,
    fps=30.0,
    audio_dbfs=-30.0,
    uptime_s=60.0,
    encode_ms=3.0,
)


def test_an_instance_that_serves_all_its_viewers_well_has_a_hundred() -> None:
    assert score(READY, WELL).score == 100
    assert score(READY, WELL).reasons == ()
    assert score(READY, replace(WELL, picture_age_s=7200.0, fps=0.0)).score == 100, "a still desktop is no fault"
    for fps in (1.0, 10.0):
        assert score(READY, replace(WELL, fps=fps)).score == 100, "hidden and small tiles ask for no more"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"fps": 4.0}, "4 pictures a second"),
        ({"encode_ms": 40.0}, "40 ms"),
        ({"audio_dbfs": 0.0}, "distorted"),
        ({"drops": {"slow_viewer": 12}}, "12 pictures dropped"),
        ({"drops": {"encoder_failed": 1}}, "encoder failed"),
        ({"drops": {"key_frame_requests": 3}}, "3 times"),
    ],
)
def test_a_fault_of_streamer_or_network_takes_some_off_and_is_named(change: dict[str, object], words: str) -> None:
    health = score(READY, replace(WELL, **change))  # type: ignore[arg-type]  # fields by name
    assert 0 < health.score < 100
    assert words in " ".join(health.reasons)


def test_what_no_viewer_suffers_from_costs_nothing() -> None:
    assert score(READY, replace(WELL, drops={"pointer_overtaken": 50, "key_frame_requests": 0})).score == 100


def test_the_state_bounds_the_score_and_faults_add_up_to_no_less_than_nothing() -> None:
    lost = replace(READY, state=InstanceState.LOST, health=0, reason="Nothing answers.")
    assert score(lost, None).score == 0
    assert score(lost, None).reasons == ("Nothing answers.",)
    hung = replace(READY, state=InstanceState.DEGRADED, health=20, reason="It hangs.")
    health = score(hung, replace(WELL, audio_dbfs=0.0, drops={"slow_viewer": 1}))
    assert health.reasons[0] == "It hangs."
    assert 0 < health.score < 20


def test_a_ready_pod_that_has_not_spoken_is_almost_well() -> None:
    assert score(READY, None).score == 90


def test_a_judgement_holds_for_a_moment_or_until_the_instance_changes() -> None:
    now_s = 100.0
    registry = Registry("test")
    judge = Judge(registry, now_s=lambda: now_s)
    registry.apply(Upsert(Sighting(id="instance-0", slot=0, name="PC 1")))
    registry.report("instance-0", of_status("instance-0", WELL), heard=True, status=WELL)
    first = judge.quality(registry.instances[0])
    assert (first.score, first.status) == (100, WELL)
    slow = replace(WELL, fps=3.0)
    registry.report("instance-0", of_status("instance-0", slow), heard=True, status=slow)
    assert judge.quality(registry.instances[0]) is first
    now_s += CACHED_S
    assert judge.quality(registry.instances[0]).score == 85
    hung = replace(WELL, guest=GuestReport(GuestState.HUNG))
    registry.report("instance-0", of_status("instance-0", hung), heard=True, status=hung)
    assert judge.quality(registry.instances[0]).score == 20
