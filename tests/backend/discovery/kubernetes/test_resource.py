from backend.discovery.kubernetes.resource import config_map, endpoint_slices, endpoints, pods


def test_paths_and_selectors_are_those_of_the_api() -> None:
    assert pods("loco", "a=b,c=d").path == "/api/v1/namespaces/loco/pods"
    assert pods("loco", "a=b,c=d").selectors == {"labelSelector": "a=b,c=d"}
    slices = endpoint_slices("loco", "emu")
    assert slices.path == "/apis/discovery.k8s.io/v1/namespaces/loco/endpointslices"
    assert slices.selectors == {"labelSelector": "kubernetes.io/service-name=emu"}
    assert endpoints("loco", "emu").selectors == {"fieldSelector": "metadata.name=emu"}
    assert config_map("loco", "names").selectors == {"fieldSelector": "metadata.name=names"}


def test_a_probe_is_answered_from_the_cache_with_no_or_one_object() -> None:
    assert pods("loco", "a=b").probe == {"fieldSelector": "metadata.name=loco-probe", "resourceVersion": "0"}


def test_a_probe_of_one_object_stays_within_a_role_that_allows_only_that_one() -> None:
    assert config_map("loco", "names").probe["fieldSelector"] == "metadata.name=names"
