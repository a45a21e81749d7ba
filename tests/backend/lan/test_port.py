from backend.contract.lan import PortState
from tests.backend.lan.wires import Ear


def test_a_port_says_its_state_and_since_when() -> None:
    port = Ear(1)
    assert port.state is PortState.UP
    began = port.since_unix_s
    assert not port.set_connected(True)
    assert port.since_unix_s == began
    assert port.set_connected(False, "Unplugged.")
    assert (port.state, port.reason) == (PortState.DOWN, "Unplugged.")
    assert port.since_unix_s >= began


def test_a_blocked_port_is_not_up_until_it_is_unblocked() -> None:
    port = Ear(1)
    port.block(20.0, "A loop.")
    assert (port.state, port.reason) == (PortState.BLOCKED, "A loop.")
    port.unblock()
    assert (port.state, port.reason) == (PortState.UP, "")


def test_no_limit_is_no_bucket() -> None:
    port = Ear(1)
    port.limit(broadcasts_per_s=0, mbit_s=0)
    assert port.rate is None
    assert port.storm is None


def test_a_slow_port_may_still_send_a_whole_window_at_once() -> None:
    port = Ear(1)
    port.limit(broadcasts_per_s=10, mbit_s=1)
    assert port.rate is not None
    assert port.rate.take(1.0, 65_000)
    assert not port.rate.take(1.0, 1514)
