"""Objects of the API as a real cluster makes them: the recorded streams, and small ones by hand."""

from typing import Any

from tests.fakes.kube_api.recording import load

Json = dict[str, Any]


def recorded(resource: str) -> tuple[float, list[Json], list[tuple[float, Json]]]:
    """Start time, the items of the list, and the events with their times."""
    recording = load(resource)
    return recording.began_s, recording.listed["items"], recording.events


def apply(objects: dict[str, Json], event: Json) -> None:
    """One watch event on objects by UID."""
    uid = event["object"]["metadata"]["uid"]
    if event["type"] == "DELETED":
        objects.pop(uid, None)
    else:
        objects[uid] = event["object"]


def by_uid(items: list[Json]) -> dict[str, Json]:
    return {item["metadata"]["uid"]: item for item in items}


def pod(ordinal: int, *, uid: str = "", ready: bool = True, ip: str | None = "", **changes: Any) -> Json:
    """A pod of a StatefulSet ``emu``; ``changes`` go into its status."""
    uid = uid or f"uid-{ordinal}"
    address = f"10.0.0.{ordinal}" if ip == "" else ip
    metadata: Json = {
        "name": f"emu-{ordinal}",
        "uid": uid,
        "creationTimestamp": "2026-11-23T16:00:00Z",
        "labels": {"apps.kubernetes.io/pod-index": str(ordinal)},
    }
    conditions = [{"type": "Ready", "status": str(ready), "lastTransitionTime": "2026-11-23T16:00:00Z"}]
    status: Json = {"phase": "Running", "conditions": conditions}
    if address:
        status |= {"podIP": address, "podIPs": [{"ip": address}]}
    spec = {
        "nodeName": "node-a",
        "containers": [{"name": "streamer", "ports": [{"name": "http", "containerPort": 8481}]}],
    }
    return {"metadata": metadata, "spec": spec, "status": status | changes}


def deleted(item: Json) -> Json:
    """The same pod with a deletion mark."""
    return {**item, "metadata": {**item["metadata"], "deletionTimestamp": "2026-11-23T16:10:00Z"}}


def endpoint(ordinal: int, *, uid: str = "", address: str = "", **conditions: bool | None) -> Json:
    """One endpoint of a slice; by default it serves."""
    return {
        "addresses": [address or f"10.0.0.{ordinal}"],
        "conditions": {"ready": True, "serving": True, "terminating": False} | conditions,
        "targetRef": {"kind": "Pod", "name": f"emu-{ordinal}", "uid": uid or f"uid-{ordinal}"},
        "nodeName": "node-a",
        "zone": "zone-a",
    }


def slice_of(*endpoints: Json, name: str = "emu-abc", port: int = 8481, family: str = "IPv4") -> Json:
    return {
        "metadata": {"name": name, "uid": f"slice-{name}"},
        "addressType": family,
        "endpoints": list(endpoints),
        "ports": [{"name": "http", "port": port, "protocol": "TCP"}],
    }
