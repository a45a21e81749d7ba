from typing import Any

import pytest

from backend.contract.instance import InstanceState
from backend.discovery.kubernetes.facts import by_family, ordinal_of, read_endpoints, read_pod, read_slice
from tests.backend.discovery.kubernetes.cluster_objects import deleted, endpoint, pod, recorded, slice_of

READY_SINCE = {"type": "Ready", "status": "False", "lastTransitionTime": "2026-11-23T16:05:00Z"}
RUNNING = {"name": "emu", "restartCount": 0, "state": {"running": {"startedAt": "2026-11-23T16:00:01Z"}}}


def state(item: Any) -> InstanceState:
    found = read_pod(item, "http")
    assert found is not None
    assert bool(found.reason) == (found.state is not InstanceState.READY)
    return found.state


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (pod(0), InstanceState.READY),
        (pod(0, ready=False), InstanceState.BOOTING),
        (pod(0, ready=False, ip=None, phase="Pending"), InstanceState.PENDING),
        (deleted(pod(0)), InstanceState.TERMINATING),
        (pod(0, phase="Failed", reason="Evicted"), InstanceState.LOST),
        (pod(0, phase="Succeeded"), InstanceState.LOST),
        (deleted(pod(0, phase="Succeeded")), InstanceState.TERMINATING),
        (pod(0, ready=False, containerStatuses=[RUNNING | {"restartCount": 1}]), InstanceState.DEGRADED),
        (pod(0, conditions=[READY_SINCE], containerStatuses=[RUNNING]), InstanceState.DEGRADED),
        (pod(0, ready=False, containerStatuses=[RUNNING]), InstanceState.BOOTING),
    ],
)
def test_a_pod_alone_tells_its_state_and_why(item: Any, expected: InstanceState) -> None:
    assert state(item) is expected


def test_a_pod_is_read_whole() -> None:
    found = read_pod(pod(7), "http")
    assert found is not None
    assert (found.uid, found.ordinal, found.addresses, found.port, found.node) == (
        *("uid-7", 7, ("10.0.0.7",)),
        *(8481, "node-a"),
    )


def test_a_pod_without_an_ordinal_is_no_instance() -> None:
    item = pod(0)
    item["metadata"] |= {"name": "loco-backend-5c9d8", "labels": {}}
    assert read_pod(item, "http") is None
    item["metadata"]["name"] = "emu-12"
    found = read_pod(item, "http")
    assert found is not None
    assert found.ordinal == 12
    item["metadata"]["ownerReferences"] = [{"kind": "ReplicaSet", "controller": True}]
    assert read_pod(item, "http") is None


@pytest.mark.parametrize(
    ("conditions", "serving"),
    [
        ({"ready": True, "serving": False}, False),
        ({"ready": False, "serving": True}, True),
        ({"ready": None, "serving": None}, True),
        ({"ready": False, "serving": None}, False),
    ],
)
def test_serving_decides_and_what_is_absent_means_ready(conditions: Any, serving: bool) -> None:
    (found,) = read_slice(slice_of(endpoint(0, **conditions)), "http")
    assert found.serving is serving


def test_an_endpoint_without_conditions_or_pod_is_taken_by_its_address_and_host_name() -> None:
    bare = {"addresses": ["10.0.0.9"], "hostname": "emu-4"}
    (found,) = read_slice(slice_of(bare), "http")
    assert (found.key, found.ordinal, found.serving, found.terminating) == ("10.0.0.9", 4, True, False)


def test_names_are_no_addresses() -> None:
    assert not list(read_slice(slice_of(endpoint(0), family="FQDN"), "http"))


def test_the_port_is_the_named_one_or_the_only_one() -> None:
    item = slice_of(endpoint(0))
    assert next(read_slice(item, "http")).port == 8481
    assert next(read_slice(item, "other")).port == 8481
    item["ports"].append({"name": "metrics", "port": 9})
    assert next(read_slice(item, "other")).port == 0
    assert next(read_slice(item | {"ports": None}, "http")).port == 0


def test_addresses_of_endpoints_do_not_say_that_they_serve() -> None:
    _, items, _ = recorded("endpoints")
    found = list(read_endpoints(items[0], "health"))
    assert len(found) == 9
    assert {(end.serving, end.port) for end in found} == {(None, 8080)}
    hidden = {"subsets": [{"notReadyAddresses": items[0]["subsets"][0]["addresses"][:1], "ports": None}]}
    assert [end.serving for end in read_endpoints(hidden, "health")] == [False]


def test_every_recorded_object_can_be_read() -> None:
    for _, event in recorded("pods")[2]:
        assert read_pod(event["object"], "health") is not None
    for _, event in recorded("endpointslices")[2]:
        assert all(end.ordinal is not None for end in read_slice(event["object"], "health"))


def test_addresses_come_in_the_pods_order_then_by_family() -> None:
    assert by_family(("fd00::1", "10.0.0.1"), ()) == ("10.0.0.1", "fd00::1")
    assert by_family(("10.0.0.1", "fd00::1"), ("fd00::1", "10.0.0.1")) == ("fd00::1", "10.0.0.1")
    assert by_family(("10.0.0.1",) * 2, ()) == ("10.0.0.1",)


def test_ordinals_are_the_last_number_of_a_name() -> None:
    assert [ordinal_of(name) for name in ("emu-0", "a-1-22", "emu", "emu-", "emu-x", "")] == [0, 22, *[None] * 4]
