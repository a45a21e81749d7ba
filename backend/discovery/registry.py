"""The one list of instances, its revisions, and its subscribers."""

import asyncio
import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from backend.contract.events import (
    Added,
    DiscoveryState,
    Event,
    FocusChanged,
    Freshness,
    Removed,
    Snapshot,
    Updated,
)
from backend.contract.instance import Instance, InstanceState
from backend.contract.status import StreamerStatus
from backend.discovery.chronicle import Chronicle
from backend.discovery.condition import TRUST_S, Condition, compose
from backend.discovery.entry import Entry, shown
from backend.discovery.live import Roster
from backend.discovery.source import InstanceSource, Remove, Sighting, SourceEvent, Synced, Unavailable, Upsert
from backend.discovery.standing import LOST_AFTER_S, Standing
from backend.discovery.subscription import Subscription
from backend.discovery.timings import Timings

__all__ = ["Registry", "Subscription"]

log = logging.getLogger(__name__)

QUEUE_BOUND = 256
"""Events that one subscriber may lag behind; a snapshot is shorter than a longer backlog."""
TICK_S = 0.5
"""Between two looks at what changes by time alone."""


class Registry:
    """Owns the list. Threading: the event loop only.

    Each change of the list is one event with a revision one higher. An instance keeps its slot when it vanishes; it
    goes when the source removes it, another instance takes the slot, or it has been gone for ``forget_after_s``.

    Args:
        mode: name of the source.
        clock: Unix seconds, for people.
        monotonic: seconds for measuring.
        queue_bound: events that a subscriber may lag behind.
        lost_after_s: age at which the list counts as lost, not only as stale.
        forget_after_s: how long a vanished instance keeps its slot; 0 for ever.
    """

    def __init__(
        self,
        mode: str,
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        queue_bound: int = QUEUE_BOUND,
        lost_after_s: float = LOST_AFTER_S,
        forget_after_s: float = 0.0,
    ) -> None:
        self.mode = mode
        self.revision = 0
        self.focus: str | None = None
        self.overflows = 0
        """Backlogs replaced by a snapshot."""
        self.publish_times = Timings()
        """From the arrival of the bytes that told of a change to its event."""
        self._clock = clock
        self._monotonic = monotonic
        self._queue_bound = queue_bound
        self._forget_after_s = forget_after_s
        self._standing = Standing(monotonic, lost_after_s)
        self._chronicle = Chronicle()
        self._told = (self._standing.state, self._standing.reason)
        self._entries: dict[str, Entry] = {}
        self._by_slot: dict[int, str] = {}
        self._roster = Roster.of(0, ())
        self._subscriptions: set[Subscription] = set()

    @property
    def instances(self) -> tuple[Instance, ...]:
        """All instances, by slot."""
        return self._current_roster().instances

    @property
    def synced(self) -> bool:
        """Whether the source's first complete list has come."""
        return self._standing.synced

    @property
    def state(self) -> DiscoveryState:
        """How far the list can be trusted."""
        return self._standing.state

    @property
    def reason(self) -> str:
        """Why the state is not live: a sentence."""
        return self._standing.reason

    @property
    def trouble(self) -> str:
        """Why the source cannot be read now; empty when it can."""
        return self._standing.trouble

    @property
    def age_s(self) -> float:
        """Since the source last confirmed the list, in seconds."""
        return self._standing.age_s

    @property
    def subscribers(self) -> int:
        """Readers of the events just now."""
        return len(self._subscriptions)

    def get(self, instance_id: str) -> Instance | None:
        """One instance, None for an unknown id."""
        entry = self._entries.get(instance_id)
        return entry.instance if entry else None

    def status(self, instance_id: str) -> StreamerStatus | None:
        """What the streamer of an instance said last; None while nobody speaks for it."""
        entry = self._entries.get(instance_id)
        return entry.status if entry else None

    def snapshot(self) -> Snapshot:
        """Everything known now."""
        standing = self._standing
        return Snapshot(
            *(self.revision, self.instances, self.mode, standing.synced, standing.age_s, self.focus),
            *(standing.state, standing.reason),
        )

    def freshness(self) -> Freshness:
        """How far to trust the list."""
        standing = self._standing
        return Freshness(self.revision, standing.synced, standing.age_s, standing.state, standing.reason)

    def live_json(self) -> bytes:
        """The body of ``/api/instances/live``: all instances, and how far to trust the list."""
        standing = self._standing
        return self._current_roster().document(
            mode=self.mode,
            synced=standing.synced,
            age_s=standing.age_s,
            state=standing.state.value,
            reason=standing.reason,
        )

    def instances_json(self) -> bytes:
        """All instances by slot, as a JSON array."""
        return self._current_roster().array

    @contextmanager
    def subscribe(self) -> Iterator[Subscription]:
        """Read the events for as long as the context is open."""
        subscription = Subscription(self.snapshot, self._queue_bound)
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    async def follow(self, source: InstanceSource) -> None:
        """Apply what ``source`` tells, until cancelled."""
        self._standing.start()
        async with asyncio.TaskGroup() as tasks:
            ticker = tasks.create_task(self._tick_for_ever(), name="discovery clock")
            async for event in source.watch():
                self.apply(event)
            ticker.cancel()

    def apply(self, event: SourceEvent) -> None:
        """Take one event of the source."""
        match event:
            case Upsert(sighting, received_s):
                before = self.revision
                self._upsert(sighting)
                if received_s is not None and self.revision != before:
                    self.publish_times.observe(self._monotonic() - received_s)
                    return  # more that arrived with it may follow: they are told first, then logged
            case Remove(instance_id):
                self._remove(instance_id)
            case Synced(ids, age_s):
                self._sync(ids)
                self._standing.confirm(age_s)
            case Unavailable(reason):
                self._standing.fail(reason)
        self._chronicle.tell()
        self._tell_standing()

    def tick(self) -> None:
        """Do what time alone brings: a list grows stale, a vanished instance is forgotten."""
        self._chronicle.tell()
        self._tell_standing()
        if self._forget_after_s:
            limit_s = self._monotonic() - self._forget_after_s
            expired = [key for key, entry in self._entries.items() if (entry.vanished_s or math.inf) < limit_s]
            for instance_id in expired:
                self._remove(instance_id)

    def report(
        self, instance_id: str, condition: Condition, *, heard: bool, status: StreamerStatus | None = None
    ) -> None:
        """Take what a follower found; ``heard`` says that the streamer itself spoke, and ``status`` what it said."""
        entry = self._entries.get(instance_id)
        if entry is None:
            return
        # Most reports tell nothing new; only silence may mean something else when it lasts.
        same = condition == entry.condition and condition.heard
        entry.condition, entry.status = condition, status
        if heard:
            entry.heard = self._clock()
        if not same:
            self._update(entry)
            self._chronicle.tell()

    def set_focus(self, instance_id: str | None) -> None:
        """Move the shared focus."""
        if instance_id != self.focus:
            self.focus = instance_id
            self._publish(FocusChanged(instance_id))

    def _upsert(self, sighting: Sighting) -> None:
        entry = self._entries.get(sighting.id)
        if entry is not None and entry.sighting.slot != sighting.slot:
            self._remove(sighting.id)
            entry = None
        occupant = self._by_slot.get(sighting.slot)
        if occupant is not None and occupant != sighting.id:
            log.info("%s takes slot %d of %s", sighting.id, sighting.slot + 1, occupant)
            self._remove(occupant)
        if entry is None:
            self._add(sighting)
            return
        if entry.replaced_by(sighting):
            entry.condition = entry.status = None
        if sighting.state is InstanceState.READY and (entry.vanished or entry.sighting.state is not sighting.state):
            entry.ready_s = self._monotonic()
        entry.sighting, entry.vanished_s = sighting, None
        self._update(entry)

    def _add(self, sighting: Sighting) -> None:
        now = self._clock()
        instance = shown(sighting, compose(sighting, None), since=now, last_seen=now)
        self._entries[sighting.id] = Entry(sighting, instance, ready_s=self._monotonic())
        self._by_slot[sighting.slot] = sighting.id
        self._publish(Added(self._next_revision(), instance))
        log.info("%s came: %s", sighting.id, instance.state)

    def _update(self, entry: Entry) -> None:
        trusted = self._monotonic() - entry.ready_s < TRUST_S
        condition = compose(entry.sighting, entry.condition, vanished=entry.vanished, trusted=trusted)
        old = entry.instance
        same = (condition.state, condition.health, condition.reason) == (old.state, old.health, old.reason)
        if same and shown(entry.sighting, condition, since=old.since, last_seen=old.last_seen) == old:
            return
        now = self._clock()
        answering = condition.health > 0 and not entry.vanished
        new = shown(
            entry.sighting,
            condition,
            since=old.since if condition.state is old.state else now,
            last_seen=now if answering else entry.heard,
        )
        entry.show(new)
        self._publish(Updated(self._next_revision(), new))
        self._chronicle.note(old, new)

    def _remove(self, instance_id: str) -> None:
        entry = self._entries.pop(instance_id, None)
        if entry is None:
            return
        del self._by_slot[entry.sighting.slot]
        log.info("%s went", instance_id)
        self._publish(Removed(self._next_revision(), instance_id))
        if self.focus == instance_id:
            self.set_focus(None)

    def _sync(self, ids: frozenset[str]) -> None:
        for entry in self._entries.values():
            if not entry.vanished and entry.sighting.id not in ids:
                entry.vanish(self._monotonic())
                self._update(entry)

    def _tell_standing(self) -> None:
        standing = self._standing
        told = (standing.state, standing.reason)
        if told == self._told:
            return
        before, self._told = self._told[0], told
        if standing.state is DiscoveryState.LIVE:
            log.info("discovery (%s): live", self.mode)
        elif standing.state is not before or not standing.synced:
            log.log(logging.WARNING if standing.trouble else logging.INFO, "discovery (%s): %s: %s", self.mode, *told)
        self._publish(self.freshness())

    async def _tick_for_ever(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self.tick()

    def _current_roster(self) -> Roster:
        if self._roster.revision != self.revision:
            entries = (self._entries[self._by_slot[slot]] for slot in sorted(self._by_slot))
            self._roster = Roster.of(self.revision, [(entry.instance, entry.json) for entry in entries])
        return self._roster

    def _next_revision(self) -> int:
        self.revision += 1
        return self.revision

    def _publish(self, event: Event) -> None:
        for subscription in self._subscriptions:
            if not subscription.put(event):
                self.overflows += 1
