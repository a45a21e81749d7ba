"""The one list of instances, its revisions, and its subscribers."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from backend.contract.events import Added, Event, FocusChanged, Freshness, Removed, Snapshot, Updated
from backend.contract.instance import Instance
from backend.discovery.condition import Condition, compose
from backend.discovery.source import InstanceSource, Remove, Sighting, SourceEvent, Synced, Unavailable, Upsert

log = logging.getLogger(__name__)

QUEUE_BOUND = 256
"""Events that one subscriber may lag behind; a snapshot is shorter than a longer backlog."""


@dataclass(slots=True)
class _Entry:
    sighting: Sighting
    instance: Instance
    condition: Condition | None = None
    vanished: bool = False
    heard: float = 0.0


class Subscription:
    """One reader of the events: a snapshot first; after an overflow again, instead of the backlog."""

    def __init__(self, registry: "Registry", bound: int) -> None:
        self._registry = registry
        self._bound = bound
        self._queue: deque[Event] = deque()
        self._wake = asyncio.Event()
        self._snapshot_due = True

    async def get(self) -> Event:
        """The next event. Cancelling loses none."""
        while True:
            if self._snapshot_due:
                self._snapshot_due = False
                return self._registry.snapshot()
            if self._queue:
                return self._queue.popleft()
            self._wake.clear()
            await self._wake.wait()

    def put(self, event: Event) -> bool:
        """Queue an event; False when that made the backlog too long, so that a snapshot replaces it."""
        if self._snapshot_due:
            return True
        self._wake.set()
        if len(self._queue) < self._bound:
            self._queue.append(event)
            return True
        self._queue.clear()
        self._snapshot_due = True
        return False


class Registry:
    """Owns the list. Threading: the event loop only.

    Each change of the list is one event with a revision one higher. An instance keeps its slot when it vanishes; it
    goes when the source removes it or another instance takes the slot.
    """

    def __init__(self, mode: str, *, clock: Callable[[], float] = time.time, queue_bound: int = QUEUE_BOUND) -> None:
        self.mode = mode
        self.revision = 0
        self.synced = False
        self.trouble = ""
        """Why the source cannot be read now; empty when it can."""
        self.focus: str | None = None
        self.overflows = 0
        """Backlogs replaced by a snapshot."""
        self._clock = clock
        self._queue_bound = queue_bound
        self._confirmed = clock()
        self._entries: dict[str, _Entry] = {}
        self._by_slot: dict[int, str] = {}
        self._subscriptions: set[Subscription] = set()

    @property
    def instances(self) -> tuple[Instance, ...]:
        """All instances, by slot."""
        return tuple(self._entries[self._by_slot[slot]].instance for slot in sorted(self._by_slot))

    @property
    def age_s(self) -> float:
        """Since the source last confirmed the list, in seconds."""
        return max(0.0, round(self._clock() - self._confirmed, 3))

    @property
    def subscribers(self) -> int:
        """Readers of the events just now."""
        return len(self._subscriptions)

    def get(self, instance_id: str) -> Instance | None:
        """One instance, None for an unknown id."""
        entry = self._entries.get(instance_id)
        return entry.instance if entry else None

    def snapshot(self) -> Snapshot:
        """Everything known now."""
        return Snapshot(self.revision, self.instances, self.mode, self.synced, self.age_s, self.focus)

    def freshness(self) -> Freshness:
        """How old the list is."""
        return Freshness(self.revision, self.synced, self.age_s)

    @contextmanager
    def subscribe(self) -> Iterator[Subscription]:
        """Read the events for as long as the context is open."""
        subscription = Subscription(self, self._queue_bound)
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    async def follow(self, source: InstanceSource) -> None:
        """Apply what ``source`` tells, until cancelled."""
        async for event in source.watch():
            self.apply(event)

    def apply(self, event: SourceEvent) -> None:
        """Take one event of the source."""
        match event:
            case Upsert(sighting):
                self._upsert(sighting)
            case Remove(instance_id):
                self._remove(instance_id)
            case Synced(ids):
                self._sync(ids)
            case Unavailable(reason):
                if reason != self.trouble:
                    log.warning("discovery (%s): %s", self.mode, reason)
                self.trouble = reason

    def report(self, instance_id: str, condition: Condition, *, heard: bool) -> None:
        """Take what a follower found; ``heard`` says that the streamer itself spoke."""
        entry = self._entries.get(instance_id)
        if entry is None:
            return
        entry.condition = condition
        if heard:
            entry.heard = self._clock()
        self._update(entry)

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
        if entry.sighting.addresses != sighting.addresses or entry.sighting.port != sighting.port:
            entry.condition = None
        entry.sighting, entry.vanished = sighting, False
        self._update(entry)

    def _add(self, sighting: Sighting) -> None:
        now = self._clock()
        condition = compose(sighting, None, vanished=False)
        instance = replace(_plain(sighting, condition), since=now, last_seen=now)
        self._entries[sighting.id] = _Entry(sighting, instance, heard=now)
        self._by_slot[sighting.slot] = sighting.id
        log.info("%s came: %s", sighting.id, condition.state)
        self._publish(Added(self._next_revision(), instance))

    def _update(self, entry: _Entry) -> None:
        condition = compose(entry.sighting, entry.condition, vanished=entry.vanished)
        old = entry.instance
        new = replace(_plain(entry.sighting, condition), since=old.since, last_seen=old.last_seen)
        if new == old:
            return
        now = self._clock()
        if new.state is not old.state:
            new = replace(new, since=now)
            log.info("%s: %s -> %s%s", new.id, old.state, new.state, f": {new.reason}" if new.reason else "")
        answering = condition.health > 0 and not entry.vanished
        entry.instance = replace(new, last_seen=now if answering else entry.heard)
        self._publish(Updated(self._next_revision(), entry.instance))

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
                entry.vanished, entry.condition = True, None
                self._update(entry)
        if self.trouble:
            log.info("discovery (%s): readable again", self.mode)
        self.trouble = ""
        self._confirmed = self._clock()
        if not self.synced:
            self.synced = True
            self._publish(self.freshness())

    def _next_revision(self) -> int:
        self.revision += 1
        return self.revision

    def _publish(self, event: Event) -> None:
        for subscription in self._subscriptions:
            if not subscription.put(event):
                self.overflows += 1


def _plain(sighting: Sighting, condition: Condition) -> Instance:
    return Instance(
        id=sighting.id,
        slot=sighting.slot,
        name=sighting.name,
        state=condition.state,
        reason=condition.reason,
        addresses=sighting.addresses,
        port=sighting.port,
        zone=sighting.zone,
        node=sighting.node,
        health=condition.health,
    )
