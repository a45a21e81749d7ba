import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.contract.instance import InstanceState
from backend.discovery.kubernetes.merge import Observed
from backend.discovery.kubernetes.reflector import Phase
from backend.discovery.kubernetes.view import View
from backend.discovery.kubernetes.witness import FIRST_LIST_S, LASTING_S, Copies
from tests.backend.discovery.kubernetes.cluster_objects import Json, apply, by_uid, deleted, endpoint, pod, slice_of

PENDING, BOOTING, READY = InstanceState.PENDING, InstanceState.BOOTING, InstanceState.READY
DEGRADED, TERMINATING = InstanceState.DEGRADED, InstanceState.TERMINATING


@dataclass
class Held:
    """A copy that a test fills by hand."""

    objects: dict[str, Json] = field(default_factory=dict)
    phase: Phase = Phase.LIVE
    reason: str = ""
    confirmed_s: float = 100.0
    denied: bool = False

    def hold(self, *items: Json) -> None:
        self.objects = by_uid(list(items))

    def fail(self, reason: str, *, denied: bool = False) -> None:
        self.phase = Phase.STALE if self.confirmed_s else Phase.SYNCING
        self.reason, self.denied = reason, denied


class Scene:
    def __init__(self) -> None:
        self.now_s = 100.0
        self.pods, self.slices, self.metadata = Held(), Held(), Held()
        self.endpoints = Held(phase=Phase.INIT, confirmed_s=0.0)
        copies = Copies(self.pods, self.slices, self.endpoints, self.metadata)
        self.view = View(copies, port_name="http", now_s=lambda: self.now_s)

    def states(self) -> dict[int, InstanceState]:
        sight = self.view.look()
        assert sight.usable
        return {ordinal: each.state for ordinal, each in sight.instances.items()}


def test_both_together_tell_of_the_instances_and_when_that_was_sure() -> None:
    scene = Scene()
    scene.pods.hold(pod(0), pod(1, ready=False))
    scene.slices.hold(slice_of(endpoint(0)))
    scene.slices.confirmed_s = 99.0
    assert scene.states() == {0: READY, 1: BOOTING}
    assert scene.view.look().confirmed_s == 99.0


def test_readiness_that_is_lost_is_remembered_for_as_long_as_the_pod_lives() -> None:
    scene = Scene()
    scene.pods.hold(pod(0))
    assert scene.states() == {0: READY}
    scene.pods.hold(pod(0, ready=False))
    assert scene.states() == {0: DEGRADED}
    scene.pods.hold(pod(0, uid="next", ready=False))
    assert scene.states() == {0: BOOTING}
    scene.pods.hold(pod(0, ready=False))
    assert scene.states() == {0: BOOTING}, "what has gone is forgotten"


def test_the_first_list_of_one_waits_for_that_of_the_other_but_not_for_ever() -> None:
    scene = Scene()
    scene.slices.phase, scene.slices.confirmed_s = Phase.SYNCING, 0.0
    scene.pods.hold(pod(0))
    assert not scene.view.look().usable
    scene.now_s += FIRST_LIST_S - 0.1
    assert not scene.view.look().usable
    scene.now_s += 0.2
    assert scene.states() == {0: READY}


def test_where_one_cannot_be_read_the_other_decides() -> None:
    scene = Scene()
    scene.pods.hold(pod(0), pod(1, ready=False, ip=None))
    scene.slices.hold(slice_of(endpoint(0)))
    assert scene.states() == {0: READY, 1: PENDING}
    scene.pods.fail("No answer.")
    scene.slices.hold(slice_of(endpoint(0, serving=False, ready=False)))
    assert scene.states() == {0: READY, 1: PENDING}, "not for the first moment, which may be the end of both"
    scene.now_s += LASTING_S
    assert scene.states() == {0: DEGRADED, 1: PENDING}
    scene.pods.phase = Phase.LIVE
    scene.slices.fail("Broken off.")
    scene.pods.hold(pod(0), deleted(pod(1)))
    assert scene.states() == {0: READY, 1: TERMINATING}


def test_without_both_there_is_a_reason_and_no_list() -> None:
    scene = Scene()
    scene.pods.fail("The API server does not answer.")
    scene.slices.fail("The API server does not answer.")
    sight = scene.view.look()
    assert (sight.usable, sight.reason) == (False, "The API server does not answer.")


def test_who_is_allowed_nothing_is_told_what_to_allow() -> None:
    scene = Scene()
    for held in (scene.pods, scene.slices, scene.endpoints):
        held.confirmed_s = 0.0
        held.fail("The API server answered 403.", denied=True)
    said = scene.view.look().reason
    assert "Role" in said
    assert "pods and endpointslices" in said


def test_endpoints_are_read_where_slices_are_denied_and_only_there() -> None:
    scene = Scene()
    address = {"ip": "10.0.0.5", "targetRef": {"name": "emu-5", "uid": "uid-5"}}
    subsets = [{"addresses": [address], "ports": [{"name": "http", "port": 8481}]}]
    scene.endpoints.hold({"metadata": {"uid": "e"}, "subsets": subsets})
    scene.endpoints.phase = Phase.LIVE
    scene.pods.confirmed_s = 0.0
    scene.pods.fail("Forbidden.", denied=True)
    assert scene.states() == {}
    scene.slices.fail("Forbidden.", denied=True)
    assert scene.states() == {5: READY}
    scene.pods.phase = Phase.LIVE
    scene.pods.hold(pod(5, ready=False))
    assert scene.states() == {5: DEGRADED}, "addresses do not say who serves"


def test_a_zone_that_slices_told_of_a_node_outlives_the_slices() -> None:
    scene = Scene()
    scene.pods.hold(pod(0), pod(1))
    scene.slices.hold(slice_of(endpoint(0)))
    assert {each.zone for each in scene.view.look().instances.values()} == {"zone-a"}
    scene.slices.fail("Broken off.")
    scene.now_s += LASTING_S
    assert {each.zone for each in scene.view.look().instances.values()} == {"zone-a"}


def test_an_object_that_cannot_be_read_is_counted_once_and_spoils_no_other() -> None:
    scene = Scene()
    scene.pods.hold(pod(0), {"metadata": {"uid": "bad", "name": ["emu-1"]}}, {"metadata": {"uid": "worse"}})
    scene.slices.hold(slice_of(endpoint(0)), {"metadata": {"uid": "s"}, "endpoints": [3]})
    for _ in range(3):
        assert scene.states() == {0: READY}
    assert scene.view.malformed == 3


def test_names_for_people_come_along() -> None:
    scene = Scene()
    scene.metadata.hold({"metadata": {"uid": "m"}, "data": {"instance-0": "Harbour"}})
    assert scene.view.look().metadata.names == {"instance-0": "Harbour"}


POD_CHANGES = st.builds(
    lambda ordinal, uid, ready, ip, mark, gone: {
        "type": "DELETED" if gone else "MODIFIED",
        "object": (deleted if mark else dict)(pod(ordinal, uid=f"{uid}-{ordinal}", ready=ready, ip=ip)),
    },
    *(st.integers(0, 4), st.sampled_from("ab"), st.booleans(), st.sampled_from([None, "10.0.0.1"])),
    *(st.booleans(), st.booleans()),
)
SLICE_CHANGES = st.builds(
    lambda name, ends, gone: {"type": "DELETED" if gone else "MODIFIED", "object": slice_of(*ends, name=name)},
    st.sampled_from(["one", "two"]),
    st.lists(
        st.builds(
            lambda ordinal, uid, serving: endpoint(ordinal, uid=f"{uid}-{ordinal}", serving=serving),
            *(st.integers(0, 4), st.sampled_from("ab"), st.booleans()),
        ),
        max_size=3,
    ),
    st.booleans(),
)
STORIES = st.lists(
    st.tuples(st.sampled_from(["look", "relist", "blind", "event"]), POD_CHANGES, SLICE_CHANGES), max_size=25
)


@given(STORIES, st.integers())
@settings(max_examples=150)
def test_whatever_came_before_the_state_is_that_of_the_last_list(
    story: list[tuple[str, Json, Json]], seed: int
) -> None:
    scene, shuffled = Scene(), random.Random(seed)
    pods: dict[str, Json] = {}
    slices: dict[str, Json] = {}
    for what, pod_change, slice_change in story:
        apply(pods, pod_change)
        apply(slices, slice_change)
        if what == "relist":
            order = shuffled.sample(list(pods), len(pods))
            scene.pods.objects = {uid: dict(pods[uid]) for uid in order}
            scene.slices.objects = dict(slices)
        elif what == "event":
            for change in (pod_change, pod_change):
                apply(scene.pods.objects, change)
        elif what == "blind":
            blind = shuffled.choice([scene.pods, scene.slices])
            blind.phase = Phase.STALE if blind.phase is Phase.LIVE else Phase.LIVE
        else:
            scene.view.look()
    scene.pods.objects, scene.slices.objects = dict(pods), dict(slices)
    scene.pods.phase = scene.slices.phase = Phase.LIVE
    fresh = Scene()
    fresh.pods.objects, fresh.slices.objects = dict(pods), dict(slices)
    fresh.view.zones.update(scene.view.zones)
    assert plain(scene.view.look().instances) == plain(fresh.view.look().instances)


def plain(instances: Mapping[int, Observed]) -> dict[int, Observed]:
    """Without what only memory knows: whether the pod was ready before."""
    return {
        ordinal: replace(each, state=BOOTING, reason="") if each.state is DEGRADED else replace(each, reason="")
        for ordinal, each in instances.items()
    }
