"""The recorded streams of a real cluster, and their replay."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fakes.kube_api.cluster import Cluster

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "kubernetes"


@dataclass(frozen=True, slots=True)
class Recording:
    """One resource of the recorded run."""

    kind: str
    listed: dict[str, Any]
    """Body of the list."""
    events: list[tuple[float, dict[str, Any]]]
    """Unix seconds of arrival, and the line of the watch."""
    began_s: float


def load(kind: str) -> Recording:
    """Of ``pods``, ``endpointslices`` or ``endpoints``."""
    first, *rest = (json.loads(line) for line in (FIXTURES / f"{kind}.jsonl").read_text().splitlines())
    return Recording(kind, first["list"], [(line["t"], line["event"]) for line in rest], first["t"])


async def begin(cluster: Cluster, recording: Recording) -> None:
    """Fill the cluster with the recorded list."""
    version = int(recording.listed["metadata"]["resourceVersion"])
    for item in recording.listed["items"]:
        await cluster.put(recording.kind, item, version=int(item["metadata"]["resourceVersion"]))
    collection = cluster.collections[recording.kind]
    collection.history.clear()
    collection.version = collection.oldest = version


async def play(cluster: Cluster, kind: str, event: dict[str, Any]) -> None:
    """One recorded event."""
    item = event["object"]
    metadata = item["metadata"]
    if event["type"] == "DELETED":
        await cluster.delete(kind, metadata["name"], metadata["namespace"], last=item)
    else:
        await cluster.put(kind, item, version=int(metadata["resourceVersion"]))


def in_order(*recordings: Recording) -> list[tuple[float, str, dict[str, Any]]]:
    """Events of several resources in order of arrival: seconds after the first list, kind, event."""
    start_s = min(recording.began_s for recording in recordings)
    mixed = [(at_s - start_s, one.kind, event) for one in recordings for at_s, event in one.events]
    return sorted(mixed, key=lambda entry: entry[0])
