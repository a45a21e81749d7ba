from backend.contract.events import DiscoveryState
from backend.discovery.standing import QUIET_S, Standing


class Clock:
    now = 50.0

    def __call__(self) -> float:
        return self.now


def test_a_list_goes_from_unknown_to_live_to_stale_to_lost_and_back() -> None:
    clock = Clock()
    standing = Standing(clock, lost_after_s=60.0)
    assert standing.state.value == "init"
    standing.start()
    assert standing.state.value == "syncing"
    standing.confirm(0.0)
    assert (standing.state, standing.reason) == (DiscoveryState.LIVE, "")
    standing.fail("It is away.")
    assert (standing.state, standing.reason) == (DiscoveryState.STALE, "It is away.")
    clock.now += 60.1
    assert (standing.state, standing.age_s) == (DiscoveryState.LOST, 60.1)
    standing.confirm(0.5)
    assert (standing.state, standing.age_s) == (DiscoveryState.LIVE, 0.5)


def test_before_the_first_list_the_trouble_is_the_reason() -> None:
    clock = Clock()
    standing = Standing(clock, lost_after_s=60.0)
    standing.start()
    standing.fail("Connection refused.")
    assert (standing.state, standing.reason) == (DiscoveryState.SYNCING, "Connection refused.")
    clock.now += 61.0
    assert standing.state is DiscoveryState.LOST
    assert not standing.synced


def test_silence_makes_a_list_stale() -> None:
    clock = Clock()
    standing = Standing(clock)
    standing.start()
    standing.confirm(0.0)
    clock.now += QUIET_S
    assert standing.state.value == "live"
    clock.now += 0.1
    assert standing.state.value == "stale"
    assert standing.reason
