"""One container of the rendered chart, with the environment and the settings file that the kubelet gives it."""

import re
import socket
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from backend.contract.settings import load, load_section
from tests.helm.rendering import Object, container, of_kind, one

Settings = TypeVar("Settings")

FIELDS = {
    "metadata.labels['apps.kubernetes.io/pod-index']": "3",
    "spec.nodeName": "node-1",
    "status.podIP": "10.244.1.7",
    "status.podIPs": "10.244.1.7,fd00::7",
}
"""What the downward API says to a pod."""


def services(objects: list[Object]) -> dict[str, str]:
    """Variables of the Services that are in the namespace when the pod starts, as enableServiceLinks gives them."""
    found: dict[str, str] = {}
    for number, service in enumerate(of_kind(objects, "Service"), start=10):
        name = service["metadata"]["name"].upper().replace("-", "_")
        if service["spec"].get("clusterIP") != "None":
            found[f"{name}_SERVICE_HOST"] = f"10.96.0.{number}"
            found |= {
                f"{name}_SERVICE_PORT_{port['name'].upper()}": str(port["port"]) for port in service["spec"]["ports"]
            }
    return found


def variables(objects: list[Object], name: str) -> dict[str, str]:
    """The environment of a container, as the kubelet makes it."""
    found: dict[str, str] = {}
    known = services(objects)
    for item in container(objects, name).get("env", ()):
        if "value" in item:
            found[item["name"]] = re.sub(r"\$\((\w+)\)", lambda match: (known | found)[match[1]], item["value"])
        elif "secretKeyRef" in item["valueFrom"]:
            found[item["name"]] = "what the secret holds"
        elif "fieldRef" in item["valueFrom"]:
            found[item["name"]] = FIELDS[item["valueFrom"]["fieldRef"]["fieldPath"]]
    return found


class Pod:
    """One container with its settings file, in a directory of the test."""

    def __init__(self, objects: list[Object], name: str, config: str, directory: Path) -> None:
        self.environment = variables(objects, name)
        assert self.environment["LOCO_CONFIG"] == "/etc/loco/loco.toml"
        text = one(objects, "ConfigMap", config)["data"]["loco.toml"]
        # Where the container has mounts, the test has a directory.
        self._file = directory / "loco.toml"
        self._file.write_text(text.replace("/etc/loco-turn", str(directory)), encoding="utf-8")
        self.environment["LOCO_CONFIG"] = str(self._file)

    @property
    def tables(self) -> dict[str, Any]:
        return tomllib.loads(self._file.read_text(encoding="utf-8"))

    def load(self, kind: type[Settings], section: str) -> Settings:
        return load(kind, section, [], description="", environment=self.environment)[0]

    def load_section(self, kind: type[Settings], section: str) -> Settings:
        return load_section(kind, section, self.tables, environment=self.environment)


def free_port() -> int:
    """A TCP port of loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
