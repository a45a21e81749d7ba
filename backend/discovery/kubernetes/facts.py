"""What discovery reads in objects of the API: pods, EndpointSlices, Endpoints. Pure functions over raw JSON.

Absent and null fields mean the same in the API, so both are read alike.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backend.contract.instance import InstanceState
from backend.discovery.kubernetes import words

Json = Mapping[str, Any]

_ORDINAL = re.compile(r"-(\d{1,9})$", re.ASCII)
_INDEX_LABEL = "apps.kubernetes.io/pod-index"
_ZONE_LABEL = "topology.kubernetes.io/zone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pod:
    """A pod that is an instance, as it stands alone."""

    uid: str
    ordinal: int
    state: InstanceState
    """DEGRADED instead of BOOTING where it is known to have been ready before."""
    reason: str
    addresses: tuple[str, ...] = ()
    port: int = 0
    node: str = ""
    zone: str = ""
    created: str = ""
    """RFC 3339, of one second's resolution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One address of a service, and the pod behind it."""

    key: str
    """UID of the pod; its address where none is named."""
    ordinal: int | None
    addresses: tuple[str, ...]
    serving: bool | None
    """None where the object cannot tell: Endpoints list those that do not serve as well, if asked to publish them."""
    terminating: bool = False
    port: int = 0
    node: str = ""
    zone: str = ""


def read_pod(pod: Json, port_name: str) -> Pod | None:
    """The instance in a pod; None for a pod without an ordinal."""
    metadata, spec, status = pod["metadata"], pod.get("spec") or {}, pod.get("status") or {}
    ordinal = _ordinal(metadata)
    if ordinal is None:
        return None
    labels = metadata.get("labels") or {}
    addresses = tuple(each["ip"] for each in status.get("podIPs") or () if each.get("ip"))
    addresses = addresses or tuple(filter(None, (status.get("podIP"),)))
    state, reason = _state_of_pod(pod, bool(addresses))
    return Pod(
        uid=metadata["uid"],
        ordinal=ordinal,
        state=state,
        reason=reason,
        addresses=addresses,
        port=_port_of_pod(spec, port_name),
        node=spec.get("nodeName") or "",
        zone=labels.get(_ZONE_LABEL) or "",
        created=metadata.get("creationTimestamp") or "",
    )


def read_slice(item: Json, port_name: str) -> Iterator[Endpoint]:
    """The endpoints of an EndpointSlice. Readiness is ``serving``: ``ready`` may mean "publish it all the same"."""
    if item.get("addressType") == "FQDN":
        return
    port = _port_named(item.get("ports") or (), port_name)
    for each in item.get("endpoints") or ():
        addresses = tuple(each.get("addresses") or ())
        target, conditions = each.get("targetRef") or {}, each.get("conditions") or {}
        ready = conditions.get("ready") is not False
        serving = conditions.get("serving")
        yield Endpoint(
            key=target.get("uid") or addresses[0],
            ordinal=ordinal_of(target.get("name") or each.get("hostname") or ""),
            addresses=addresses,
            serving=ready if serving is None else bool(serving),
            terminating=bool(conditions.get("terminating")),
            port=port,
            node=each.get("nodeName") or "",
            zone=each.get("zone") or "",
        )


def read_endpoints(item: Json, port_name: str) -> Iterator[Endpoint]:
    """The addresses of an Endpoints object, for where slices are forbidden or absent."""
    for subset in item.get("subsets") or ():
        port = _port_named(subset.get("ports") or (), port_name)
        for serving, listed in ((None, subset.get("addresses")), (False, subset.get("notReadyAddresses"))):
            for each in listed or ():
                target = each.get("targetRef") or {}
                yield Endpoint(
                    key=target.get("uid") or each["ip"],
                    ordinal=ordinal_of(target.get("name") or each.get("hostname") or ""),
                    addresses=(each["ip"],),
                    serving=serving,
                    port=port,
                    node=each.get("nodeName") or "",
                )


def ordinal_of(name: str) -> int | None:
    """The number at the end of a StatefulSet's pod name; None where there is none."""
    found = _ORDINAL.search(name)
    return int(found[1]) if found else None


def by_family(addresses: tuple[str, ...], first: tuple[str, ...]) -> tuple[str, ...]:
    """Addresses without doubles: those of ``first`` in its order, then IPv4 before IPv6."""
    if len(addresses) == 1:
        return addresses
    order = {address: place for place, address in enumerate(first)}
    return tuple(sorted(set(addresses), key=lambda each: (order.get(each, len(order)), ":" in each, each)))


def _state_of_pod(pod: Json, has_address: bool) -> tuple[InstanceState, str]:
    """The deletion mark comes before everything: a pod stays ``Ready`` until its containers end."""
    phase = (pod.get("status") or {}).get("phase")
    if pod["metadata"].get("deletionTimestamp"):
        return InstanceState.TERMINATING, "It is being stopped on purpose."
    if phase in ("Failed", "Succeeded"):
        return InstanceState.LOST, words.why_ended(pod)
    if not has_address:
        return InstanceState.PENDING, words.why_pending(pod)
    if words.condition(pod, "Ready").get("status") == "True":
        return InstanceState.READY, ""
    trouble = words.why_broken(pod)
    if trouble or words.restarts(pod) or _was_ready(pod):
        return InstanceState.DEGRADED, trouble or "It was ready, and is not any more; it may come back by itself."
    return InstanceState.BOOTING, "It is starting; the cluster has not called it ready yet."


def _was_ready(pod: Json) -> bool:
    """Whether ``Ready`` became false after the containers had started: on a new pod it is false from the beginning."""
    since = words.condition(pod, "Ready").get("lastTransitionTime") or ""
    running = [
        ((status.get("state") or {}).get("running") or {}).get("startedAt") or ""
        for status in (pod.get("status") or {}).get("containerStatuses") or ()
    ]
    return bool(running) and all(running) and since > max(running)


def _ordinal(metadata: Json) -> int | None:
    owners = metadata.get("ownerReferences") or ()
    if any(owner.get("controller") and owner.get("kind") != "StatefulSet" for owner in owners):
        return None  # digits at the end of its name are chance
    index = (metadata.get("labels") or {}).get(_INDEX_LABEL, "")
    return int(index) if index.isascii() and index.isdigit() else ordinal_of(metadata["name"])


def _port_of_pod(spec: Json, port_name: str) -> int:
    ports = [port for container in spec.get("containers") or () for port in container.get("ports") or ()]
    return _port_named(ports, port_name, "containerPort")


def _port_named(ports: Any, port_name: str, field: str = "port") -> int:  # noqa: ANN401 - JSON
    """The port of that name, or the only one; 0 for none. Numbers may differ between slices of one service."""
    named = [each for each in ports if each.get("name") == port_name]
    chosen = named or (ports if len(ports) == 1 else ())
    return next((each[field] for each in chosen if each.get(field)), 0)
