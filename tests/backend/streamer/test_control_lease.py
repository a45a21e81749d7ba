from backend.streamer.control_lease import ControlLease


def test_first_come_first_served() -> None:
    lease = ControlLease()
    assert lease.request("a")
    assert not lease.request("b")
    assert lease.request("a")
    assert lease.holder == "a"


def test_only_the_holder_can_release() -> None:
    lease = ControlLease()
    lease.request("a")
    assert not lease.release("b")
    assert lease.release("a")
    assert lease.request("b")
