"""From reports to the state that a viewer sees: pure functions."""

from dataclasses import dataclass, replace

from backend.contract.instance import InstanceState
from backend.contract.status import GuestReport, GuestState, StreamerStatus
from backend.discovery.source import Sighting

BOOT_GRACE_S = 30.0
"""A new instance that has not answered for so long counts as lost, not as booting."""
LOST_AFTER_S = 6.0
"""Silence after which a degraded instance is lost: a restarting streamer is back well before."""
TRUST_S = 3.0
"""For so long after it began to call an instance ready, a source is believed before the streamer has been reached."""
FIRST_PICTURE_S = 20.0
"""A running guest that has shown nothing for so long shows nothing at all."""


@dataclass(frozen=True, slots=True)
class Condition:
    """State, its reason for a person, and health from 0 to 100."""

    state: InstanceState
    reason: str
    health: int
    heard: bool = True
    """Whether a streamer, or the source about its guest, ever said so; False for what silence alone tells."""


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
    # A guest that rests while nobody watches is well, and says what it does.
    return Condition(state, report.reason or reason, health)


def of_status(instance_id: str, status: StreamerStatus) -> Condition:
    """What a streamer's report means for a viewer."""
    if status.instance != instance_id:
        reason = f"The streamer at its address says that it is {status.instance!r:.60}; correct its address."
        return Condition(InstanceState.DEGRADED, reason, 10)
    if status.guest.state is GuestState.RUNNING and status.picture_age_s < 0 and status.uptime_s > FIRST_PICTURE_S:
        reason = "The guest runs, but has shown no picture yet; reset it when it stays so."
        return Condition(InstanceState.DEGRADED, reason, 20)
    return of_guest(status.guest)


def of_silence(silence_s: float, *, heard: bool, cause: str) -> Condition:
    """What a streamer that does not answer means.

    Args:
        silence_s: since its last report, or since it was first asked.
        heard: whether it has ever answered.
        cause: why not, without a full stop.
    """
    if not heard and silence_s < BOOT_GRACE_S:
        reason = f"Its streamer does not answer yet ({cause}); asking again."
        return Condition(InstanceState.BOOTING, reason, 50, heard=False)
    if heard and silence_s < LOST_AFTER_S:
        return Condition(InstanceState.DEGRADED, f"Its streamer stopped answering ({cause}); reconnecting.", 20)
    reason = f"Its streamer does not answer ({cause}). Asking again for as long as it takes."
    return Condition(InstanceState.LOST, reason, 0, heard=heard)


def compose(
    sighting: Sighting, condition: Condition | None, *, vanished: bool = False, trusted: bool = True
) -> Condition:
    """The state of an instance from everything that is known of it: it is as well as its sickest part.

    Args:
        sighting: what the source says.
        condition: what its streamer says, or its silence; None before it was asked.
        vanished: whether the source has it no longer.
        trusted: whether the source's word that it is ready needs no confirmation by its streamer yet.
    """
    if vanished:
        return Condition(InstanceState.GONE, "It vanished. Its slot is kept until it returns or is replaced.", 0)
    if sighting.guest is not None and sighting.guest.state is not GuestState.RUNNING:
        return of_guest(sighting.guest)
    if sighting.state is None:
        return condition or UNKNOWN
    told = Condition(sighting.state, sighting.reason, _HEALTH[sighting.state])
    if sighting.state not in _ALIVE or condition is None:
        return told
    if condition.heard:
        return max(told, condition, key=_gravity)
    return told if trusted or told.state is not InstanceState.READY else _unreached(condition)


_HEALTH = {
    InstanceState.READY: 100,
    InstanceState.BOOTING: 50,
    InstanceState.PENDING: 50,
    InstanceState.DEGRADED: 20,
    InstanceState.TERMINATING: 10,
    InstanceState.LOST: 0,
    InstanceState.GONE: 0,
}
_ALIVE = (InstanceState.READY, InstanceState.BOOTING, InstanceState.DEGRADED, InstanceState.LOST)
"""In the order of how bad they are; in other states the streamer is not asked for its view."""


def _gravity(condition: Condition) -> tuple[int, bool]:
    """For equal states, who has something to say wins."""
    return _ALIVE.index(condition.state), bool(condition.reason)


def _unreached(silence: Condition) -> Condition:
    """The source calls it ready, and the streamer has never been reached."""
    state = InstanceState.LOST if silence.state is InstanceState.LOST else InstanceState.DEGRADED
    return replace(
        silence,
        state=state,
        reason=f"The cluster calls it ready. {silence.reason}",
        health=20 * (state is InstanceState.DEGRADED),
    )
