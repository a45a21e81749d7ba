"""The chart as Helm's own engine renders it, and ways to look at the objects."""

import functools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import helm_python
import yaml

CHART = Path(__file__).parents[2] / "helm" / "loco"
VALUES_FILES = [*sorted((CHART / "ci").glob("*.yaml")), *sorted(CHART.glob("values-*.yaml"))]
KUBERNETES = "1.36"

Object = dict[str, Any]


def values_of(path: Path) -> Object:
    values: Object = yaml.safe_load(path.read_text(encoding="utf-8"))
    return values


@functools.cache
def loaded(chart: Path = CHART) -> helm_python.Chart:
    return helm_python.Chart.load(str(chart))


def templates(
    values: Mapping[str, Any] | None = None, *, name: str = "wall", namespace: str = "arcade", chart: Path = CHART
) -> dict[str, str]:
    return loaded(chart).render(dict(values or {}), name=name, namespace=namespace)


def render(
    values: Mapping[str, Any] | None = None, *, name: str = "wall", namespace: str = "arcade", chart: Path = CHART
) -> list[Object]:
    objects: list[Object] = json.loads(_rendered(json.dumps(values or {}), name, namespace, chart))
    return objects


@functools.cache
def _rendered(values: str, name: str, namespace: str, chart: Path) -> str:
    """As text, so that no test sees what another did to the objects."""
    texts = templates(json.loads(values), name=name, namespace=namespace, chart=chart)
    found = (_documents(text) for path, text in sorted(texts.items()) if path.endswith(".yaml"))
    return json.dumps([item for documents in found for item in documents if item])


def _documents(text: str) -> list[Object]:
    return list(yaml.load_all(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def of_kind(objects: list[Object], kind: str) -> list[Object]:
    return [item for item in objects if item["kind"] == kind]


def one(objects: list[Object], kind: str, suffix: str) -> Object:
    (found,) = (item for item in of_kind(objects, kind) if item["metadata"]["name"].endswith(suffix))
    return found


def workloads(objects: list[Object]) -> Iterator[Object]:
    """All that makes pods; a Pod of its own looks like one that makes it."""
    for item in objects:
        if item["kind"] in ("Deployment", "StatefulSet", "DaemonSet", "Job"):
            yield item
        elif item["kind"] == "Pod":
            template = {"metadata": item["metadata"], "spec": item["spec"]}
            yield item | {"spec": {"template": template}}


def containers(workload: Object) -> list[Object]:
    pod = workload["spec"]["template"]["spec"]
    return [*pod.get("initContainers", ()), *pod["containers"]]


def container(objects: list[Object], name: str) -> Object:
    (found,) = (item for workload in workloads(objects) for item in containers(workload) if item["name"] == name)
    return found


def merged(first: Mapping[str, Any], second: Mapping[str, Any]) -> Object:
    """``first`` overlaid with ``second``, map by map."""
    both = dict(first)
    for key, value in second.items():
        old = both.get(key)
        both[key] = merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return both
