"""What the chart renders is what Kubernetes and the operators' CRDs take.

The schemas in ``crds/`` are our own: of each CRD the part that a chart like this may use, and nothing else allowed. No
package carries the originals in a form that refuses unknown keys. They were held against the originals by hand (the
models of prometheus-operator 0.80, the CRD of the vertical autoscaler as of 2026): every property, enumeration and
pattern in them is there too.
"""

import functools
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import helm_python
import jsonschema
import kubernetes_validate  # type: ignore[import-untyped]  # it ships none
import pytest

from tests.helm.rendering import CHART, KUBERNETES, VALUES_FILES, Object, container, of_kind, one, render, values_of

CRDS = {
    json.loads(path.read_text(encoding="utf-8"))["title"]: path for path in Path(__file__).with_name("crds").iterdir()
}

each_file = pytest.mark.parametrize("path", VALUES_FILES, ids=lambda path: path.stem)


def check(item: Object) -> None:
    """Raises a ValidationError where the object is not what its kind asks for; unknown keys are errors."""
    _check(json.dumps(item, sort_keys=True))


@functools.cache
def _check(text: str) -> None:
    """By its text: most objects are the same with many values files, and a check reads all schemas of Kubernetes."""
    item = json.loads(text)
    if item["kind"] not in CRDS:
        kubernetes_validate.validate(item, KUBERNETES, strict=True)
        return
    jsonschema.Draft7Validator(json.loads(CRDS[item["kind"]].read_text(encoding="utf-8"))).validate(item)


def test_helm_lint_finds_nothing() -> None:
    report = helm_python.lint(str(CHART), strict=True, kube_version=f"v{KUBERNETES}.0")
    assert not report["errors"]
    assert [message["error"] for message in report["messages"]] == ["icon is recommended"]


@each_file
def test_helm_lint_finds_nothing_with_any_values_file(path: Path) -> None:
    assert not helm_python.lint(str(CHART), values_of(path), strict=True, kube_version=f"v{KUBERNETES}.0")["errors"]


@each_file
def test_every_port_names_its_protocol(path: Path) -> None:
    """Server-side apply of older API servers knows a port by its number and protocol, and has no default for it."""
    objects = render(values_of(path))
    ports = [port for item in of_kind(objects, "Service") for port in item["spec"]["ports"]]
    templates = [item["spec"]["template"] for item in objects if "template" in item.get("spec", {})]
    for template in templates:
        spec = template["spec"]
        for each in [*spec.get("initContainers", []), *spec["containers"]]:
            ports += each.get("ports", [])
    assert ports
    assert [port for port in ports if "protocol" not in port] == []


@each_file
def test_every_values_file_renders_valid_objects(path: Path) -> None:
    objects = render(values_of(path))
    assert len(objects) >= 13
    for item in objects:
        check(item)


@each_file
def test_every_namespaced_object_names_its_namespace_and_release(path: Path) -> None:
    for item in render(values_of(path)):
        labels = item["metadata"].get("labels", {})
        if labels:  # not those of extraManifests
            assert labels["app.kubernetes.io/instance"] == "wall"
            assert ("namespace" in item["metadata"]) == (item["kind"] != "PersistentVolume")


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [
        ("ServiceMonitor", {"endpoints": [{"port": "http", "pth": "/metrics"}]}),
        ("ServiceMonitor", {"endpoints": [{"port": "http", "interval": "15 seconds"}]}),
        ("VerticalPodAutoscaler", {"updatePolicy": {"updateMode": "Never"}}),
        ("VerticalPodAutoscaler", {"target": {}}),
    ],
)
def test_the_schemas_of_the_crds_find_mistakes(kind: str, spoil: dict[str, Any]) -> None:
    item = of_kind(render({"serviceMonitor": {"enabled": True}, "verticalPodAutoscaler": {"enabled": True}}), kind)[0]
    check(item)
    item["spec"] |= spoil
    with pytest.raises(jsonschema.ValidationError):
        check(item)


def test_what_needs_a_crd_is_off_by_default() -> None:
    assert not {item["kind"] for item in render()} & set(CRDS)


def test_the_vertical_autoscaler_only_recommends() -> None:
    found = of_kind(render({"verticalPodAutoscaler": {"enabled": True}}), "VerticalPodAutoscaler")
    assert {item["spec"]["targetRef"]["kind"] for item in found} == {"Deployment", "StatefulSet"}
    assert {item["spec"]["updatePolicy"]["updateMode"] for item in found} == {"Off"}


def test_no_replicas_stand_beside_an_autoscaler() -> None:
    assert one(render(), "Deployment", "-backend")["spec"]["replicas"] == 2
    objects = render({"backend": {"autoscaling": {"enabled": True}}})
    autoscaler = one(objects, "HorizontalPodAutoscaler", "-backend")
    deployment = one(objects, "Deployment", "-backend")
    assert autoscaler["spec"]["scaleTargetRef"]["name"] == deployment["metadata"]["name"]
    assert "replicas" not in deployment["spec"]
    assert one(objects, "StatefulSet", "-emulator")["spec"]["replicas"] == 9


def test_selectors_find_the_pods_that_they_mean() -> None:
    objects = render({"turn": {"enabled": True, "host": "turn.example"}, "ice": {"secret": {"name": "turn"}}})
    pods = {
        item["metadata"]["name"]: item["spec"]["template"]["metadata"]["labels"]
        for item in objects
        if item["kind"] in ("Deployment", "StatefulSet")
    }
    for item in objects:
        selector = item["spec"].get("selector") if item["kind"] in ("Service", "PodDisruptionBudget") else None
        if selector is not None:
            wanted = selector.get("matchLabels", selector)
            found = [name for name, labels in pods.items() if wanted.items() <= labels.items()]
            assert found == [item["metadata"]["name"]]


def test_the_emulators_service_is_headless_and_hides_no_readiness() -> None:
    objects = render()
    service = one(objects, "Service", "-emulator")
    assert service["spec"]["clusterIP"] == "None"
    assert not service["spec"].get("publishNotReadyAddresses")
    assert [(port["name"], port["port"]) for port in service["spec"]["ports"]] == [("http", 8481)]
    stateful_set = one(objects, "StatefulSet", "-emulator")
    assert stateful_set["spec"]["serviceName"] == service["metadata"]["name"]
    assert stateful_set["spec"]["podManagementPolicy"] == "Parallel"


def test_emulator_and_streamer_share_the_sockets_and_nothing_else_that_is_written() -> None:
    objects = render({"guest": {"disk": {"source": "nfs", "file": "a", "nfs": {"server": "s", "path": "/p"}}}})
    volumes = [
        {mount["name"] for mount in container(objects, name)["volumeMounts"] if not mount.get("readOnly")}
        for name in ("emulator", "streamer")
    ]
    assert volumes[0] & volumes[1] == {"run"}
    pod = one(objects, "StatefulSet", "-emulator")["spec"]["template"]["spec"]
    assert not pod.get("initContainers")  # a sidecar of that sort would tie their starts together
    assert "emptyDir" in next(volume for volume in pod["volumes"] if volume["name"] == "run")


@pytest.mark.parametrize(
    ("source", "volume"),
    [
        ({"nfs": {"server": "files", "path": "/guests"}}, "nfs"),
        ({"hostPath": {"path": "/srv/guests"}}, "hostPath"),
        ({"csi": {"driver": "csi.example", "volumeHandle": "guests"}}, "csi"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_shared_disk_is_a_read_only_volume_for_this_release_alone(source: Object, volume: str) -> None:
    objects = render({"guest": {"disk": {"source": volume, "file": "disk.qcow2", **source}}})
    persistent = of_kind(objects, "PersistentVolume")[0]
    claim = one(objects, "PersistentVolumeClaim", "-guest")
    assert persistent["spec"]["accessModes"] == claim["spec"]["accessModes"] == ["ReadOnlyMany"]
    assert persistent["spec"]["persistentVolumeReclaimPolicy"] == "Retain"
    assert persistent["spec"][volume].get("readOnly", True)
    assert claim["spec"]["volumeName"] == persistent["metadata"]["name"]
    reference = {"namespace": "arcade", "name": claim["metadata"]["name"]}
    assert persistent["spec"]["claimRef"] == reference
    mount = next(mount for mount in container(objects, "emulator")["volumeMounts"] if mount["name"] == "guest-disk")
    assert mount["readOnly"]


def test_a_disk_from_an_image_is_copied_before_the_emulator_starts() -> None:
    image = {"repository": "guests/windows98", "tag": "3"}
    objects = render({"guest": {"disk": {"source": "image", "file": "disks/w.qcow2", "image": image}}})
    assert container(objects, "guest-disk")["command"] == ["cp", "--", "/disks/w.qcow2", "/guest/w.qcow2"]
    assert 'image = "/guest/w.qcow2"' in one(objects, "ConfigMap", "-guest")["data"]["loco.toml"]


def test_state_lasts_by_default_and_can_be_temporary() -> None:
    stateful_set = one(render(), "StatefulSet", "-emulator")["spec"]
    assert stateful_set["volumeClaimTemplates"][0]["metadata"]["name"] == "state"
    assert stateful_set["persistentVolumeClaimRetentionPolicy"] == {"whenDeleted": "Retain", "whenScaled": "Retain"}
    stateful_set = one(render({"guest": {"state": {"persistent": False}}}), "StatefulSet", "-emulator")["spec"]
    assert "volumeClaimTemplates" not in stateful_set
    assert {"name": "state", "emptyDir": {"sizeLimit": "2Gi"}} in stateful_set["template"]["spec"]["volumes"]


@pytest.mark.parametrize(
    ("image", "reference"),
    [
        ({}, "registry.example/loco-kiosk/backend:0.1.0"),
        ({"tag": "v2"}, "registry.example/loco-kiosk/backend:v2"),
        ({"registry": "other.example:5000"}, "other.example:5000/loco-kiosk/backend:0.1.0"),
        ({"tag": "v2", "digest": "sha256:" + "a" * 64}, "registry.example/loco-kiosk/backend@sha256:" + "a" * 64),
    ],
)
def test_images_are_named_by_registry_tag_or_digest(image: Object, reference: str) -> None:
    objects = render({"global": {"imageRegistry": "registry.example"}, "backend": {"image": image}})
    assert container(objects, "backend")["image"] == reference


def test_the_images_are_the_ones_that_the_project_builds() -> None:
    """packaging/containers/build.py makes REGISTRY/loco-kiosk/NAME:VERSION, for this machine under localhost."""
    root = CHART.parents[1]
    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    stages = re.findall(
        r"^FROM python AS (\w+)$", (root / "packaging/containers/Containerfile").read_text(), re.MULTILINE
    )
    for name in ("backend", "emulator", "streamer"):
        assert name in stages
        assert container(render(), name)["image"] == f"loco-kiosk/{name}:{version}"
        minikube = container(render(values_of(CHART / "values-minikube.yaml")), name)
        assert minikube["image"] == f"localhost/loco-kiosk/{name}:{version}"
        assert minikube["imagePullPolicy"] == "Never"


def test_extras_reach_the_pods() -> None:
    objects = render(values_of(CHART / "ci" / "13-extras-values.yaml"))
    for name in ("emulator", "streamer"):
        assert {"name": "LOCO_STREAMER_QUANTIZER", "value": "23"} in container(objects, name)["env"]
        assert "/rom" in [mount["mountPath"] for mount in container(objects, name)["volumeMounts"]]
    pod = one(objects, "StatefulSet", "-emulator")["spec"]["template"]
    assert pod["metadata"]["labels"]["example/c"] == "d"
    assert pod["spec"]["priorityClassName"] == "arcade"
    assert [item["topologyKey"] for item in pod["spec"]["topologySpreadConstraints"]] == ["kubernetes.io/hostname"]
    assert {"wall-more", "wall-text"} <= {item["metadata"]["name"] for item in of_kind(objects, "ConfigMap")}
    assert one(objects, "Service", "-backend")["metadata"]["labels"]["team"] == "arcade"


def test_an_ingress_leads_to_the_backend_with_tls() -> None:
    objects = render(values_of(CHART / "ci" / "02-ingress-tls-values.yaml"))
    ingress = one(objects, "Ingress", "-backend")["spec"]
    assert ingress["tls"] == [{"secretName": "wall-tls", "hosts": ["wall.example", "wall2.example"]}]
    backends = [rule["http"]["paths"][0]["backend"]["service"] for rule in ingress["rules"]]
    assert backends == [{"name": "wall-loco-backend", "port": {"name": "http"}}] * 2


def test_names_for_people_are_in_a_config_map_of_their_own() -> None:
    objects = render({"instances": {"0": {"name": "Anna", "description": "by the door"}, "3": {"name": "Ben"}}})
    data = one(objects, "ConfigMap", "-instances")["data"]
    assert data == {"instance-0": "Anna", "instance-0.description": "by the door", "instance-3": "Ben"}


def test_spare_objects_go_away_where_they_make_no_sense() -> None:
    kinds = {item["kind"] for item in render(values_of(CHART / "ci" / "14-small-values.yaml"))}
    assert "PodDisruptionBudget" not in kinds
    assert not of_kind(render({"networkPolicy": {"enabled": False}}), "NetworkPolicy")
