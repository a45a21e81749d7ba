"""From reports to the state that a viewer sees: pure functions."""

from dataclasses import dataclass

from backend.contract.instance import InstanceState
from backend.contract.status import GuestReport, GuestState, StreamerStatus
from backend.discovery.source import Sighting

BOOT_GRACE_S = 30.0
"""A new instance that has not answered for so long counts as lost, not as booting."""
LOST_AFTER_S = 6.0
"""Silence after which a degraded instance is lost: a restarting streamer is back well before."""


@dataclass(frozen=True, slots=True)
class Condition:
    """State, its reason for a person, and health from 0 to 100."""

    state: InstanceState
    reason: str
    health: int


UNKNOWN = Condition(InstanceState.BOOTING, "Waiting for the first word from its streamer.", 50)

_OF_GUEST = {
    GuestState.RUNNING: (InstanceState.READY, 100, ""),
    GuestState.BOOTING: (InstanceState.BOOTING, 50, "The guest is starting; its picture comes by itself."),
    GuestState.RESTARTING: (InstanceState.DEGRADED, 30, "The guest stopped and is being started again."),
    GuestState.HUNG: (InstanceState.DEGRADED, 20, "The guest no longer answers; reset it to go on."),
    GuestState.PAUSED: (InstanceState.DEGRADED, 40, "The guest is paused; reset it to go on."),
}


def of_guest(report: GuestReport) -> Condition:
    """What the state of the guest means for a viewer."""
    state, health, reason = _OF_GUEST[report.state]
    return Condition(state, "" if state is InstanceState.READY else report.reason or reason, health)


def of_status(instance_id: str, status: StreamerStatus) -> Condition:
    """What a streamer's report means for a viewer."""
    if status.instance != instance_id:
        reason = f"The streamer at its address says that it is {status.instance!r:.60}; correct its address."
        return Condition(InstanceState.DEGRADED, reason, 10)
    return of_guest(status.guest)


def of_silence(silence_s: float, *, heard: bool, cause: str) -> Condition:
    """What a streamer that does not answer means.

    Args:
        silence_s: since its last report, or since it was first asked.
        heard: whether it has ever answered.
        cause: why not, without a full stop.
    """
    if not heard and silence_s < BOOT_GRACE_S:
        return Condition(InstanceState.BOOTING, "Its streamer does not answer yet; asking again.", 50)
    if heard and silence_s < LOST_AFTER_S:
        return Condition(InstanceState.DEGRADED, f"Its streamer stopped answering ({cause}); reconnecting.", 20)
    return Condition(
        InstanceState.LOST, f"Its streamer does not answer ({cause}). Asking again for as long as it takes.", 0
    )


def compose(sighting: Sighting, condition: Condition | None, *, vanished: bool) -> Condition:
    """The state of an instance from everything that is known of it."""
    if vanished:
        return Condition(InstanceState.GONE, "It vanished. Its slot is kept until it returns or is replaced.", 0)
    if sighting.guest is not None and sighting.guest.state is not GuestState.RUNNING:
        return of_guest(sighting.guest)
    return condition or UNKNOWN
