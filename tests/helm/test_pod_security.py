"""Every pod keeps the restricted Pod Security Standard, and what a good neighbour does besides."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helm.rendering import VALUES_FILES, Object, containers, render, values_of, workloads

VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
SYSCTLS = {"kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies"}

each_file = pytest.mark.parametrize("path", VALUES_FILES, ids=lambda path: path.stem)


def violations(workload: Object) -> Iterator[str]:
    """Baseline and restricted, rule by rule (kubernetes.io/docs/concepts/security/pod-security-standards)."""
    pod = workload["spec"]["template"]["spec"]
    context = pod.get("securityContext", {})
    yield from (name for name in ("hostNetwork", "hostPID", "hostIPC") if pod.get(name))
    yield from (f"volume {volume['name']}" for volume in pod.get("volumes", ()) if not VOLUMES & set(volume))
    yield from (f"sysctl {item['name']}" for item in context.get("sysctls", ()) if item["name"] not in SYSCTLS)
    for item in containers(workload):
        yield from (f"{item['name']}: {rule}" for rule in container_violations(item, context))


def container_violations(item: Object, pod_context: Object) -> Iterator[str]:
    own = item.get("securityContext", {})
    context = pod_context | own
    capabilities = own.get("capabilities", {})
    rules = {
        "privileged": own.get("privileged", False) is False,
        "host ports": not any(port.get("hostPort") for port in item.get("ports", ())),
        "proc mount": own.get("procMount", "Default") == "Default",
        "SELinux or AppArmor": not {"seLinuxOptions", "appArmorProfile", "windowsOptions"} & set(context),
        "privilege escalation": own.get("allowPrivilegeEscalation") is False,
        "run as non-root": context.get("runAsNonRoot") is True,
        "run as root": context.get("runAsUser", 10001) != 0,
        "seccomp": context.get("seccompProfile", {}).get("type") in ("RuntimeDefault", "Localhost"),
        "capabilities": capabilities.get("drop") == ["ALL"]
        and set(capabilities.get("add", ())) <= {"NET_BIND_SERVICE"},
    }
    return (name for name, kept in rules.items() if not kept)


@each_file
def test_every_pod_is_restricted(path: Path) -> None:
    for workload in workloads(render(values_of(path))):
        assert not list(violations(workload)), workload["metadata"]["name"]


def test_the_rules_find_what_breaks_them() -> None:
    workload = next(workloads(render()))
    pod = workload["spec"]["template"]["spec"]
    pod["hostNetwork"] = True
    pod["volumes"].append({"name": "host", "hostPath": {"path": "/"}})
    pod["containers"][0]["securityContext"] = {"capabilities": {"drop": ["ALL"], "add": ["SYS_ADMIN"]}}
    found = list(violations(workload))
    assert [text.rpartition(": ")[2] for text in found] == [
        "hostNetwork",
        "volume host",
        "privilege escalation",
        "capabilities",
    ]


@each_file
def test_no_root_file_system_can_be_written(path: Path) -> None:
    for workload in workloads(render(values_of(path))):
        for item in containers(workload):
            assert item["securityContext"]["readOnlyRootFilesystem"] is True, item["name"]


@each_file
def test_every_image_is_pinned_to_a_version(path: Path) -> None:
    for workload in workloads(render(values_of(path))):
        for item in containers(workload):
            assert re.fullmatch(r"\S+(:(?!latest$)[\w.-]+|@sha256:[0-9a-f]{64})", item["image"]), item["image"]


@each_file
def test_every_container_asks_for_what_it_needs_and_has_a_memory_limit(path: Path) -> None:
    for workload in workloads(render(values_of(path))):
        for item in containers(workload):
            assert {"cpu", "memory"} <= set(item["resources"].get("requests", {}))
            assert "memory" in item["resources"]["limits"]


@each_file
def test_every_container_is_watched_by_three_probes(path: Path) -> None:
    for workload in workloads(render(values_of(path))):
        for item in workload["spec"]["template"]["spec"]["containers"] if workload["kind"] != "Pod" else ():
            assert {"startupProbe", "readinessProbe", "livenessProbe"} <= set(item), item["name"]


def test_emulator_and_streamer_see_each_other_and_nobody_else_does() -> None:
    """QEMU gives its picture to a process that it can see only."""
    shared = {
        workload["metadata"]["name"]
        for workload in workloads(render())
        if workload["spec"]["template"]["spec"].get("shareProcessNamespace")
    }
    assert {name.rpartition("-")[2] for name in shared} == {"emulator"}


@each_file
def test_every_drain_ends(path: Path) -> None:
    for workload in workloads(render(values_of(path))):
        pod = workload["spec"]["template"]["spec"]
        for item in pod["containers"]:
            drain = item.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
            assert drain + 10 <= pod.get("terminationGracePeriodSeconds", 30) <= 3700


@each_file
def test_every_temporary_directory_has_a_limit(path: Path) -> None:
    for workload in workloads(render(values_of(path))):
        for volume in workload["spec"]["template"]["spec"].get("volumes", ()):
            if volume.get("emptyDir") is not None and volume["name"] != "cache":
                assert volume["emptyDir"]["sizeLimit"]


def test_no_disruption_budget_forbids_every_eviction() -> None:
    budgets = [item["spec"] for item in render() if item["kind"] == "PodDisruptionBudget"]
    assert [budget["maxUnavailable"] for budget in budgets] == [1, 1]
