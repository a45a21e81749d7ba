import pytest

from backend.contract.instance import Instance, InstanceState
from backend.contract.status import GuestReport, GuestState
from loco_kiosk.client.tile import SessionStatus, TileState, condition


def instance(state: InstanceState, reason: str = "") -> Instance:
    return Instance(id="instance-0", slot=0, name="PC 1", state=state, reason=reason)


READY = instance(InstanceState.READY)
LIVE = SessionStatus(connected=True, has_picture=True)
RUNNING = GuestReport(GuestState.RUNNING)


@pytest.mark.parametrize(
    ("of", "session", "guest", "state", "reason", "next_step"),
    [
        (READY, LIVE, RUNNING, TileState.LIVE, "", ""),
        (READY, LIVE, None, TileState.LIVE, "", ""),
        (instance(InstanceState.LOST, "Gone."), LIVE, RUNNING, TileState.LIVE, "", ""),
        (READY, SessionStatus(connected=True), RUNNING, TileState.BOOTING, "no picture", "by itself"),
        (READY, LIVE, GuestReport(GuestState.BOOTING, "BIOS."), TileState.BOOTING, "BIOS.", "by itself"),
        (READY, LIVE, GuestReport(GuestState.RESTARTING), TileState.RECONNECTING, "stopped", "started again"),
        (READY, LIVE, GuestReport(GuestState.HUNG), TileState.STALE, "no longer answers", "Reset"),
        (READY, LIVE, GuestReport(GuestState.PAUSED), TileState.STALE, "paused", "resumed"),
        (
            READY,
            SessionStatus(connected=True, has_picture=True, silent_s=3.0),
            RUNNING,
            TileState.STALE,
            "silent for 3 s",
            "Connects again",
        ),
        (
            READY,
            SessionStatus(connected=True, has_picture=True, silent_s=2.4, behind_s=0.9),
            RUNNING,
            TileState.LIVE,
            "",
            "",
        ),
        (
            READY,
            SessionStatus(connected=True, has_picture=True, behind_s=1.1),
            RUNNING,
            TileState.STALE,
            "lost on the way",
            "new picture",
        ),
        (READY, SessionStatus(), None, TileState.RECONNECTING, "Setting up", "Connecting now"),
        (
            READY,
            SessionStatus(error="It is off.", retry_in_s=3.2),
            None,
            TileState.RECONNECTING,
            "It is off.",
            "Tries again in 3 s.",
        ),
        (
            instance(InstanceState.DEGRADED),
            SessionStatus(error="No.", retry_in_s=0.1),
            None,
            TileState.RECONNECTING,
            "No.",
            "Tries again at once.",
        ),
        (instance(InstanceState.BOOTING), SessionStatus(), None, TileState.BOOTING, "starting", "Connecting now"),
        (
            instance(InstanceState.BOOTING, "Image is copied."),
            SessionStatus(error="x", retry_in_s=2),
            None,
            TileState.BOOTING,
            "Image is copied.",
            "in 2 s",
        ),
        (
            instance(InstanceState.LOST, "The node is down."),
            SessionStatus(error="x", retry_in_s=2),
            None,
            TileState.LOST,
            "The node is down.",
            "in 2 s",
        ),
        (instance(InstanceState.LOST), SessionStatus(), None, TileState.LOST, "does not answer", "Connecting"),
        (instance(InstanceState.PENDING), SessionStatus(), None, TileState.PENDING, "place to run", "by itself"),
        (
            instance(InstanceState.PENDING, "No node."),
            SessionStatus(),
            None,
            TileState.PENDING,
            "No node.",
            "by itself",
        ),
        (instance(InstanceState.TERMINATING), SessionStatus(), None, TileState.GONE, "being stopped", "is kept"),
        (instance(InstanceState.GONE), SessionStatus(error="x"), None, TileState.GONE, "switched off", "comes back"),
        (instance(InstanceState.DEGRADED, "No sound."), LIVE, RUNNING, TileState.DEGRADED, "No sound.", "anew"),
        (instance(InstanceState.TERMINATING), LIVE, RUNNING, TileState.LEAVING, "being stopped", "is kept"),
        (instance(InstanceState.GONE, "Scaled down."), LIVE, RUNNING, TileState.LEAVING, "Scaled down.", "is kept"),
    ],
)
def test_the_tile_says_what_is_and_why_and_what_comes(
    of: Instance, session: SessionStatus, guest: GuestReport | None, state: TileState, reason: str, next_step: str
) -> None:
    shown = condition(of, session, guest)
    assert shown.state is state
    assert reason in shown.reason
    assert next_step in shown.next_step
    if state is not TileState.LIVE:
        assert shown.reason
        assert shown.next_step


def test_a_picture_of_the_guest_itself_can_be_played_and_no_other() -> None:
    playable = {state for state in TileState if state.playable}
    assert playable == {TileState.LIVE, TileState.DEGRADED, TileState.LEAVING}


def test_silence_outweighs_what_the_guest_said_before() -> None:
    silent = SessionStatus(connected=True, has_picture=True, silent_s=4.0)
    assert condition(READY, silent, GuestReport(GuestState.BOOTING)).state is TileState.STALE
