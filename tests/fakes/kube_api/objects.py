"""Objects as a real cluster makes them, small enough to read."""

from typing import Any

LABELS = {"app": "emu"}
SERVICE = "emu"


def pod(
    ordinal: int,
    *,
    uid: str = "",
    ip: str | None = None,
    ready: bool = True,
    deleted: bool = False,
    port: int = 8481,
    padding: int = 0,
    labels: dict[str, str] | None = None,
) -> dict[str, Any]:
    """A pod of a StatefulSet; ``ip`` empty: none yet; ``padding`` makes it as large as real ones are."""
    address = f"10.0.{ordinal // 250}.{ordinal % 250 + 1}" if ip is None else ip
    metadata: dict[str, Any] = {
        "name": f"emu-{ordinal}",
        "uid": uid or f"uid-{ordinal}",
        "labels": {**(labels or LABELS), "apps.kubernetes.io/pod-index": str(ordinal)},
        "managedFields": [{"manager": "kubelet", "fieldsV1": {"f:pad": "x" * padding}}],
    }
    if deleted:
        metadata["deletionTimestamp"] = "2026-11-23T12:00:00Z"
    status: dict[str, Any] = {
        "phase": "Running" if address else "Pending",
        "conditions": [{"type": "Ready", "status": "True" if ready else "False"}],
    }
    if address:
        status |= {"podIP": address, "podIPs": [{"ip": address}]}
    container = {"name": "streamer", "ports": [{"name": "http", "containerPort": port, "protocol": "TCP"}]}
    return {"metadata": metadata, "spec": {"nodeName": "node-a", "containers": [container]}, "status": status}


def endpoint_slice(
    name: str, pods: list[dict[str, Any]], *, port: int = 8481, service: str = SERVICE
) -> dict[str, Any]:
    """A slice that lists the pods which have an address."""
    return {
        "metadata": {"name": name, "uid": f"uid-{name}", "labels": {"kubernetes.io/service-name": service}},
        "addressType": "IPv4",
        "ports": [{"name": "http", "port": port, "protocol": "TCP"}],
        "endpoints": [_endpoint(one) for one in pods if one["status"].get("podIP")],
    }


def _endpoint(one: dict[str, Any]) -> dict[str, Any]:
    leaving = "deletionTimestamp" in one["metadata"]
    serving = one["status"]["conditions"][0]["status"] == "True"
    return {
        "addresses": [one["status"]["podIP"]],
        "conditions": {"ready": serving and not leaving, "serving": serving, "terminating": leaving},
        "nodeName": one["spec"]["nodeName"],
        "targetRef": {
            "kind": "Pod",
            "name": one["metadata"]["name"],
            "namespace": "loco",
            "uid": one["metadata"]["uid"],
        },
    }
