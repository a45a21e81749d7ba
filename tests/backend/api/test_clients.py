import pytest

from backend.api.clients import REMEMBERED, ClientLimits, Clients, TooManyRequestsError, networks
from backend.contract.errors import SettingsError

KIOSK = "192.0.2.7"


class Clock:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def test_a_burst_passes_and_then_as_many_as_the_rate_allows() -> None:
    clock = Clock()
    clients = Clients(ClientLimits(rate_per_s=10, burst=5), clock=clock)
    for _ in range(5):
        clients.admit(KIOSK)
    with pytest.raises(TooManyRequestsError, match="more than 10 times a second") as caught:
        clients.admit(KIOSK)
    assert caught.value.status == 429
    assert caught.value.retry_after_s == 1
    clients.admit("192.0.2.8")
    clock.now_s += 0.1
    clients.admit(KIOSK)
    with pytest.raises(TooManyRequestsError):
        clients.admit(KIOSK)


def test_this_machine_and_a_rate_of_nought_are_without_limit() -> None:
    for limits, caller in ((ClientLimits(rate_per_s=1, burst=1), "::1"), (ClientLimits(rate_per_s=0, burst=0), KIOSK)):
        clients = Clients(limits, clock=Clock())
        for _ in range(100):
            clients.admit(caller)


def test_a_whole_network_of_ipv6_is_one_caller() -> None:
    clients = Clients(ClientLimits(rate_per_s=1, burst=1), clock=Clock())
    clients.admit("2001:db8::1")
    with pytest.raises(TooManyRequestsError):
        clients.admit("2001:db8::ffff:1")
    clients.admit("2001:db8:0:1::1")


def test_only_so_many_callers_are_remembered() -> None:
    clients = Clients(ClientLimits(rate_per_s=1, burst=1), clock=Clock())
    for number in range(REMEMBERED + 10):
        clients.admit(f"10.0.{number // 250}.{number % 250}")
    assert len(clients._buckets) == REMEMBERED


def test_streams_are_counted_until_they_end() -> None:
    clients = Clients(ClientLimits(streams=1, all_streams=2))
    with clients.stream(KIOSK):
        with pytest.raises(TooManyRequestsError, match=f"of {KIOSK}"), clients.stream(KIOSK):
            pass
        with (
            clients.stream("127.0.0.1"),
            pytest.raises(TooManyRequestsError, match="all viewers"),
            clients.stream("192.0.2.9"),
        ):
            pass
        assert clients.streams == 1
    assert clients.streams == 0
    with clients.stream(KIOSK):
        assert clients.streams == 1


@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        (KIOSK, [], KIOSK),
        (KIOSK, ["198.51.100.1"], KIOSK),
        ("10.1.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.1.0.1", ["203.0.113.5, 198.51.100.1"], "198.51.100.1"),
        ("10.1.0.1", ["203.0.113.5", "198.51.100.1, 10.1.0.2"], "198.51.100.1"),
        ("10.1.0.1", ["10.1.0.3"], "10.1.0.3"),
        ("10.1.0.1", ["nonsense"], "10.1.0.1"),
        ("10.1.0.1", [""], "10.1.0.1"),
        ("::ffff:10.1.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("", ["198.51.100.1"], ""),
    ],
)
def test_only_a_trusted_proxy_is_believed_about_others(peer: str, forwarded: list[str], caller: str) -> None:
    assert Clients(ClientLimits(), networks(["10.1.0.0/16"])).caller(peer, forwarded) == caller


def test_a_wrong_network_is_told() -> None:
    with pytest.raises(SettingsError, match="trusted_proxies"):
        networks(["10.1.0.0/99"])
