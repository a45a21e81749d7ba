"""Who reaches whom: nobody, but for what the wall needs."""

import pytest

from tests.helm.network import Network, Peer
from tests.helm.rendering import CHART, merged, render, values_of

KIOSK = Peer(address="192.168.7.9")
STRANGER = Peer(address="203.0.113.5")
API_SERVER = Peer(address="10.96.0.1")
NEIGHBOUR = Peer(labels={"app": "something-else"})
PROMETHEUS = Peer(labels={"app": "prometheus"}, namespace={"kubernetes.io/metadata.name": "monitoring"})
TURN = {"turn": {"enabled": True, "host": "turn.example"}, "ice": {"secret": {"name": "turn"}}}
KIOSKS = {"networkPolicy": {"kiosks": ["192.168.0.0/16"]}}


@pytest.fixture(scope="module")
def network() -> Network:
    metrics = {"networkPolicy": {"metricsFrom": [{"namespaceSelector": {"matchLabels": PROMETHEUS.namespace}}]}}
    return Network(render(merged(merged(TURN, KIOSKS), metrics)))


def test_the_wall_works(network: Network) -> None:
    backend, emulator = network.pod("backend"), network.pod("emulator")
    assert network.allows(KIOSK, backend, "TCP", 8480)
    assert network.allows(backend, API_SERVER, "TCP", 443)
    assert network.allows(backend, emulator, "TCP", 8481)
    for port in (32768, 60999):
        assert network.allows(KIOSK, emulator, "UDP", port)
        assert network.allows(emulator, KIOSK, "UDP", port)
    assert network.allows(PROMETHEUS, backend, "TCP", 8480)
    assert network.allows(PROMETHEUS, emulator, "TCP", 8481)


def test_guests_reach_the_switch_and_operators_the_backend(network: Network) -> None:
    backend, emulator, lan = network.pod("backend"), network.pod("emulator"), network.pod("lan")
    assert network.allows(emulator, lan, "TCP", 8490)
    assert network.allows(backend, lan, "TCP", 8482)
    assert network.allows(PROMETHEUS, lan, "TCP", 8482)
    for source in (KIOSK, STRANGER, NEIGHBOUR, network.pod("turn")):
        assert not network.allows(source, lan, "TCP", 8490)
        assert not network.allows(source, lan, "TCP", 8482)
    assert not network.allows(emulator, lan, "TCP", 8482)


def test_nothing_leads_from_the_guests_lan_into_the_cluster_or_out_of_it(network: Network) -> None:
    lan = network.pod("lan")
    for target in (network.pod("backend"), network.pod("emulator"), NEIGHBOUR, API_SERVER, STRANGER, KIOSK):
        for port in (53, 80, 443, 8480, 8481, 8491):
            assert not network.allows(lan, target, "TCP", port)


def test_a_linked_site_reaches_the_switch_and_is_reached() -> None:
    site = Peer(address="203.0.113.5")
    network = Network(render(values_of(CHART / "ci" / "20-lan-rooms-values.yaml")))
    lan = network.pod("lan")
    assert network.allows(site, lan, "TCP", 8491)
    assert network.allows(lan, site, "TCP", 8491)
    assert not network.allows(site, lan, "TCP", 8490)
    assert not network.allows(KIOSK, lan, "TCP", 8491)
    assert not network.allows(lan, KIOSK, "TCP", 8491)


def test_the_relay_takes_kiosks_to_streamers(network: Network) -> None:
    emulator, turn = network.pod("emulator"), network.pod("turn")
    assert network.allows(KIOSK, turn, "UDP", 3478)
    assert network.allows(KIOSK, turn, "TCP", 3478)
    assert network.allows(turn, emulator, "UDP", 40000)
    assert network.allows(emulator, turn, "UDP", 50000)


def test_the_relay_leads_nowhere_else(network: Network) -> None:
    turn = network.pod("turn")
    for target, protocol, port in (
        (network.pod("backend"), "TCP", 8480),
        (network.pod("emulator"), "TCP", 8481),
        (NEIGHBOUR, "UDP", 5000),
        (API_SERVER, "TCP", 443),
        (STRANGER, "UDP", 5000),
        (Peer(address="169.254.169.254"), "TCP", 80),
    ):
        assert not network.allows(turn, target, protocol, port)


def test_nobody_passes_the_backend_by(network: Network) -> None:
    """A streamer's HTTP is the backend's alone; a relayed or direct path is for media."""
    emulator = network.pod("emulator")
    for source in (KIOSK, STRANGER, NEIGHBOUR, network.pod("turn"), network.pod("emulator")):
        assert not network.allows(source, emulator, "TCP", 8481)


def test_the_pod_of_helm_test_reaches_the_backend_alone() -> None:
    network = Network(render())
    test, backend = network.pod("test"), network.pod("backend")
    assert network.allows(test, backend, "TCP", 8480)
    assert not network.allows(test, network.pod("emulator"), "TCP", 8481)
    assert not network.allows(test, API_SERVER, "TCP", 443)
    assert not network.allows(backend, test, "TCP", 8480)


def test_strangers_and_neighbours_reach_nothing(network: Network) -> None:
    for source in (STRANGER, NEIGHBOUR):
        assert not network.allows(source, network.pod("backend"), "TCP", 8480)
        assert not network.allows(source, network.pod("emulator"), "UDP", 40000)
        assert not network.allows(source, network.pod("turn"), "UDP", 3478)


def test_pods_reach_nothing_that_they_do_not_need(network: Network) -> None:
    backend, emulator = network.pod("backend"), network.pod("emulator")
    assert not network.allows(backend, STRANGER, "TCP", 80)
    assert not network.allows(backend, NEIGHBOUR, "TCP", 8481)
    assert not network.allows(emulator, backend, "TCP", 8480)
    assert not network.allows(emulator, API_SERVER, "TCP", 443)
    assert not network.allows(emulator, STRANGER, "UDP", 40000)


def test_by_default_nobody_from_outside_gets_through() -> None:
    network = Network(render())
    for source in (KIOSK, STRANGER, NEIGHBOUR, PROMETHEUS):
        assert not network.allows(source, network.pod("backend"), "TCP", 8480)
        assert not network.allows(source, network.pod("emulator"), "UDP", 40000)
    assert network.allows(network.pod("backend"), network.pod("emulator"), "TCP", 8481)


def test_one_release_does_not_reach_into_another() -> None:
    network, other = Network(render(name="wall")), Network(render(name="hall"))
    assert not network.allows(other.pod("backend"), network.pod("emulator"), "TCP", 8481)


def test_the_way_to_the_api_server_can_be_narrowed() -> None:
    network = Network(render({"networkPolicy": {"apiServer": {"cidrs": ["10.96.0.1/32"], "ports": [443]}}}))
    assert network.allows(network.pod("backend"), API_SERVER, "TCP", 443)
    assert not network.allows(network.pod("backend"), API_SERVER, "TCP", 6443)
    assert not network.allows(network.pod("backend"), STRANGER, "TCP", 443)


def test_kiosks_can_be_kept_to_the_relay() -> None:
    """Without their addresses, only the relay is left, and it takes nobody."""
    network = Network(render(TURN))
    assert not network.allows(KIOSK, network.pod("turn"), "UDP", 3478)
    assert network.allows(network.pod("turn"), network.pod("emulator"), "UDP", 40000)
