"""Upgrades replace the pods that change and no others; releases live side by side."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.helm.rendering import CHART, VALUES_FILES, Object, merged, one, render, values_of, workloads

EMULATOR_VALUES = {"global", "security", "guest", "emulator", "streamer", "lan", "instances", "fullnameOverride"}
BACKEND_VALUES = {
    "global",
    "security",
    "backend",
    "lan",
    "ingress",
    "ice",
    "turn",
    "fullnameOverride",
    "namespaceOverride",
}
TURN = {"turn": {"enabled": True, "host": "turn.example"}, "ice": {"secret": {"name": "turn"}}}

each_file = pytest.mark.parametrize("path", VALUES_FILES, ids=lambda path: path.stem)


def template(objects: list[Object], name: str) -> Object:
    (workload,) = (item for item in workloads(objects) if item["metadata"]["name"].endswith(name))
    found: Object = workload["spec"]["template"]
    return found


@each_file
def test_values_that_are_not_a_pods_leave_it_running(path: Path) -> None:
    before, values = render(), values_of(path)
    after = render(values)
    if not set(values) & EMULATOR_VALUES:
        assert template(after, "-emulator") == template(before, "-emulator")
    if not set(values) & BACKEND_VALUES:
        assert template(after, "-backend") == template(before, "-backend")


@pytest.mark.parametrize(
    "values",
    [
        {"backend": {"settings": {"log_level": "debug"}}},
        {"backend": {"image": {"tag": "v2"}, "replicas": 5}},
        {"lan": {"rooms": {"yard": "0-4", "rest": "*"}, "settings": {"port_mbit_s": 10}}},
        {"ingress": {"enabled": True, "hosts": ["wall.example"]}},
        TURN,
        {"emulator": {"replicas": 3}},
        {"emulator": {"maxUnavailable": 2, "updateStrategy": {"type": "OnDelete"}}},
        {"instances": {"0": {"name": "Anna"}}},
        {"networkPolicy": {"kiosks": ["192.168.0.0/16"]}},
        {"serviceMonitor": {"enabled": True}},
        {"commonLabels": {"team": "arcade"}},
    ],
    ids=str,
)
def test_no_viewer_loses_a_session_over_what_is_not_the_emulators(values: Object) -> None:
    assert template(render(values), "-emulator") == template(render(), "-emulator")


@pytest.mark.parametrize(
    "values",
    [
        {"guest": {"settings": {"memory_mib": 64}}},
        {"streamer": {"settings": {"quantizer": 23}}},
        {"instances": {"3": {"guest": {"memory_mib": 64}}}},
        {"emulator": {"settings": {"log_level": "debug"}}},
    ],
    ids=str,
)
def test_the_settings_of_guests_replace_their_pods_alone(values: Object) -> None:
    before, after = render(), render(values)
    assert template(after, "-emulator") != template(before, "-emulator")
    assert template(after, "-backend") == template(before, "-backend")


@pytest.mark.parametrize(
    "values",
    [
        {"backend": {"settings": {"log_level": "debug"}}},
        {"backend": {"kubernetes": {"lost_after_s": 30}}},
        {"ingress": {"enabled": True, "hosts": ["wall.example"]}},
        {"ice": {"ttlSeconds": 60}},
    ],
    ids=str,
)
def test_the_settings_of_the_backend_replace_its_pods(values: Object) -> None:
    assert template(render(values), "-backend") != template(render(), "-backend")


def test_the_settings_of_the_relay_replace_its_pods() -> None:
    before, after = render(TURN), render(merged(TURN, {"turn": {"totalQuota": 10}}))
    assert template(after, "-turn") != template(before, "-turn")
    assert template(after, "-backend") == template(before, "-backend")


def test_a_rollback_is_what_was_before() -> None:
    assert render() == render()
    assert render(TURN) == render(TURN)


def test_a_new_chart_with_the_same_images_replaces_no_pod(tmp_path: Path) -> None:
    newer = tmp_path / "loco"
    shutil.copytree(CHART, newer)
    about = yaml.safe_load((newer / "Chart.yaml").read_text(encoding="utf-8"))
    (newer / "Chart.yaml").write_text(yaml.safe_dump(about | {"version": "9.9.9"}), encoding="utf-8")
    before, after = render(), render(chart=newer)
    assert "loco-9.9.9" in str(after)
    for name in ("-emulator", "-backend"):
        assert template(after, name) == template(before, name)


@each_file
def test_what_a_stateful_set_cannot_change_stays(path: Path) -> None:
    """All but these are refused by the API server: replicas, template, updateStrategy and a few more."""
    values: dict[str, Any] = values_of(path)
    if {"fullnameOverride", "namespaceOverride"} & set(values) or values.get("guest", {}).get("state"):
        return
    fixed = ("serviceName", "selector", "podManagementPolicy", "volumeClaimTemplates")
    before, after = (one(objects, "StatefulSet", "-emulator")["spec"] for objects in (render(), render(values)))
    assert [before[name] for name in fixed] == [after[name] for name in fixed]


def identities(objects: list[Object]) -> set[tuple[str, str, str]]:
    return {(item["kind"], item["metadata"].get("namespace", ""), item["metadata"]["name"]) for item in objects}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("loco", "wall"),
        ("wall", "wall-loco"),
        ("loco", "loco-loco"),
        ("wall", "wall-loco-backend"),
        ("a" * 50, "a" * 51),
    ],
)
def test_two_releases_in_one_namespace_do_not_collide(first: str, second: str) -> None:
    disk = {"guest": {"disk": {"source": "nfs", "file": "a", "nfs": {"server": "s", "path": "/p"}}}}
    values = merged(
        merged(TURN, disk), {"serviceMonitor": {"enabled": True}, "verticalPodAutoscaler": {"enabled": True}}
    )
    assert not identities(render(values, name=first)) & identities(render(values, name=second))


def test_releases_of_one_name_in_two_namespaces_do_not_collide_in_the_cluster() -> None:
    values = values_of(CHART / "ci" / "07-disk-nfs-values.yaml")
    first, second = (render(values, name="loco", namespace=name) for name in ("one", "two"))
    assert not identities(first) & identities(second)


@pytest.mark.parametrize("release", ["loco", "wall", "a" * 53])
def test_names_fit_into_the_labels_that_kubernetes_makes_of_them(release: str) -> None:
    for item in render(TURN, name=release):
        assert len(item["metadata"]["name"]) <= 52  # 63 without the hash of a controller revision
