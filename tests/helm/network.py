"""What NetworkPolicies let through, decided as the API reference of networking.k8s.io/v1 says."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.helm.rendering import Object, of_kind, workloads


@dataclass(frozen=True)
class Peer:
    """A pod, by its labels, or an address outside of the cluster."""

    labels: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    namespace: Mapping[str, str] = field(default_factory=lambda: {"kubernetes.io/metadata.name": "arcade"})
    ports: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """Named ports: protocol and number."""


class Network:
    def __init__(self, objects: list[Object]) -> None:
        self._policies = [item["spec"] for item in of_kind(objects, "NetworkPolicy")]
        self._names = {workload["metadata"]["name"].rpartition("-")[2]: workload for workload in workloads(objects)}

    def pod(self, component: str) -> Peer:
        template = self._names[component]["spec"]["template"]
        ports = {
            port["name"]: (port.get("protocol", "TCP"), port["containerPort"])
            for item in template["spec"]["containers"]
            for port in item.get("ports", ())
        }
        return Peer(labels=template["metadata"]["labels"], ports=ports)

    def allows(self, source: Peer, target: Peer, protocol: str, port: int) -> bool:
        """Whether a connection gets out of ``source`` and into ``target``."""
        return self._passes("egress", "to", source, target, (protocol, port), target) and self._passes(
            "ingress", "from", target, source, (protocol, port), target
        )

    def _passes(
        self, direction: str, side: str, subject: Peer, other: Peer, wanted: tuple[str, int], server: Peer
    ) -> bool:
        if subject.address:
            return True  # no pod of the cluster: no policy is about it
        chosen = [
            policy
            for policy in self._policies
            if direction.capitalize() in policy["policyTypes"] and _selects(policy["podSelector"], subject.labels)
        ]
        rules = [rule for policy in chosen for rule in policy.get(direction, ())]
        return not chosen or any(
            _port_matches(rule.get("ports"), wanted, server) and _peer_matches(rule.get(side), other) for rule in rules
        )


def _selects(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    assert set(selector) <= {"matchLabels"}
    return bool(selector.get("matchLabels", {}).items() <= labels.items())


def _port_matches(ports: list[Object] | None, wanted: tuple[str, int], server: Peer) -> bool:
    return ports is None or any(_one_port_matches(port, wanted, server) for port in ports)


def _one_port_matches(port: Object, wanted: tuple[str, int], server: Peer) -> bool:
    first = port["port"]
    if isinstance(first, str):
        return server.ports.get(first) == wanted
    last = int(port.get("endPort", 0) or first)
    return port.get("protocol", "TCP") == wanted[0] and int(first) <= wanted[1] <= last


def _peer_matches(peers: list[Object] | None, other: Peer) -> bool:
    if not peers:
        return True
    return any(_one_peer_matches(peer, other) for peer in peers)


def _one_peer_matches(peer: Object, other: Peer) -> bool:
    if "ipBlock" in peer:
        if not other.address:
            return False
        return ipaddress.ip_address(other.address) in ipaddress.ip_network(peer["ipBlock"]["cidr"])
    if other.address:
        return False
    namespace = peer.get("namespaceSelector", {"matchLabels": {"kubernetes.io/metadata.name": "arcade"}})
    return _selects(namespace, other.namespace) and _selects(peer.get("podSelector", {}), other.labels)
