"""Least privilege: what the release's accounts may do, and which pods hold a token."""

from pathlib import Path

import pytest

from backend.discovery.kubernetes import resource
from tests.helm.rendering import VALUES_FILES, Object, containers, of_kind, one, render, values_of, workloads

CLUSTER_SCOPED = {"PersistentVolume"}
"""Only for a guest disk that the chart makes a volume for; its name holds a hash of namespace and release."""

each_file = pytest.mark.parametrize("path", VALUES_FILES, ids=lambda path: path.stem)


@each_file
def test_nothing_reaches_beyond_the_namespace(path: Path) -> None:
    kinds = {item["kind"] for item in render(values_of(path))}
    assert not {kind for kind in kinds if kind.startswith("Cluster")}
    assert not kinds & {"Namespace", "StorageClass", "PriorityClass", "CustomResourceDefinition", "Secret"}


def test_the_backend_may_read_what_it_follows_and_nothing_else() -> None:
    (role,) = of_kind(render(), "Role")
    granted = {
        (group, resource): (tuple(rule["verbs"]), tuple(rule.get("resourceNames", ())))
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
    }
    read = ("get", "list", "watch")
    assert granted == {
        ("discovery.k8s.io", "endpointslices"): (read, ()),
        ("", "pods"): (read, ()),
        ("", "endpoints"): (read, ("wall-loco-emulator",)),
        ("", "configmaps"): (read, ("wall-loco-instances",)),
    }


def test_it_may_send_every_request_that_its_discovery_makes() -> None:
    """The API server takes a name in ``fieldSelector`` for the name of the object that is asked for."""
    objects = render()
    (role,) = of_kind(objects, "Role")
    service = one(objects, "Service", "-emulator")["metadata"]["name"]
    names = one(objects, "ConfigMap", "-instances")["metadata"]["name"]
    for wanted in (
        resource.pods("arcade", "a=b"),
        resource.endpoint_slices("arcade", service),
        resource.endpoints("arcade", service),
        resource.config_map("arcade", names),
    ):
        group = wanted.path.split("/")[2] if wanted.path.startswith("/apis/") else ""
        assert f"/namespaces/{role['metadata']['namespace']}/" in wanted.path
        assert any(
            group in rule["apiGroups"]
            and wanted.name in rule["resources"]
            and {"list", "watch"} <= set(rule["verbs"])
            and wanted.field_selector.removeprefix("metadata.name=") in rule.get("resourceNames", [""])
            for rule in role["rules"]
        ), wanted.path


def test_the_role_is_bound_to_the_backend_alone() -> None:
    objects = render()
    (binding,) = of_kind(objects, "RoleBinding")
    assert binding["roleRef"]["name"] == one(objects, "Role", "-backend")["metadata"]["name"]
    assert [(item["name"], item["namespace"]) for item in binding["subjects"]] == [("wall-loco-backend", "arcade")]


def variables(workload: Object) -> list[Object]:
    return [variable for item in containers(workload) for variable in item.get("env", ())]


@each_file
def test_only_the_backend_holds_a_token(path: Path) -> None:
    objects = render(values_of(path))
    for account in of_kind(objects, "ServiceAccount"):
        assert account["automountServiceAccountToken"] is False
    names = {account["metadata"]["name"] for account in of_kind(objects, "ServiceAccount")}
    for workload in workloads(objects):
        pod = workload["spec"]["template"]["spec"]
        assert pod["automountServiceAccountToken"] is workload["metadata"]["name"].endswith("-backend")
        if workload["kind"] != "Pod":
            assert pod["serviceAccountName"] in names
            # The switch's address comes from there: name servers are closed to these pods.
            asks = any("LAN_SERVICE" in variable.get("value", "") for variable in variables(workload))
            assert pod["enableServiceLinks"] is asks


def test_the_turn_secret_is_a_reference_that_no_variable_or_settings_file_shows() -> None:
    objects = render(
        {"turn": {"enabled": True, "host": "turn.example"}, "ice": {"secret": {"name": "mine", "key": "k"}}}
    )
    for name in ("-backend", "-turn"):
        pod = one(objects, "Deployment", name)["spec"]["template"]["spec"]
        secrets = [volume["secret"] for volume in pod["volumes"] if "secret" in volume]
        assert secrets == [{"secretName": "mine", "items": [{"key": "k", "path": "secret"}]}]
        assert not [item for item in pod["containers"][0]["env"] if "secretKeyRef" in item.get("valueFrom", {})]
