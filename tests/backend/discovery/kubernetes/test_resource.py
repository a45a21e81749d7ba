import json

from backend.discovery.kubernetes.resource import config_map, endpoint_slices, endpoints, pods
from backend.discovery.kubernetes.store import drop_fields
from tests.fakes.kube_api.recording import load


def test_paths_and_selectors_are_those_of_the_api() -> None:
    assert pods("loco", "a=b,c=d").path == "/api/v1/namespaces/loco/pods"
    assert pods("loco", "a=b,c=d").selectors == {"labelSelector": "a=b,c=d"}
    slices = endpoint_slices("loco", "emu")
    assert slices.path == "/apis/discovery.k8s.io/v1/namespaces/loco/endpointslices"
    assert slices.selectors == {"labelSelector": "kubernetes.io/service-name=emu"}
    assert endpoints("loco", "emu").selectors == {"fieldSelector": "metadata.name=emu"}
    assert config_map("loco", "names").selectors == {"fieldSelector": "metadata.name=names"}


def test_what_a_pod_is_reduced_to_is_less_than_half_and_has_all_that_is_read() -> None:
    whole = load("pods").listed["items"][0]
    long = len(json.dumps(whole))
    kept = drop_fields(whole, pods("loco", "a=b").drop)
    assert len(json.dumps(kept)) < long / 2
    assert kept["spec"]["containers"][0].keys() >= {"name", "ports"}
    assert kept["spec"]["nodeName"]
    assert kept["status"].keys() >= {"phase", "conditions", "podIP", "podIPs", "containerStatuses"}
    assert kept["metadata"].keys() >= {"name", "uid", "labels", "ownerReferences", "creationTimestamp"}


def test_a_probe_is_answered_from_the_cache_with_no_or_one_object() -> None:
    assert pods("loco", "a=b").probe == {"fieldSelector": "metadata.name=loco-probe", "resourceVersion": "0"}


def test_a_probe_of_one_object_stays_within_a_role_that_allows_only_that_one() -> None:
    assert config_map("loco", "names").probe["fieldSelector"] == "metadata.name=names"
