"""Objects of a pretended cluster, with versions and a history, as an API server keeps them in its watch cache."""

import asyncio
import bisect
import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Object = dict[str, Any]

KINDS = {
    "pods": ("v1", "Pod"),
    "endpointslices": ("discovery.k8s.io/v1", "EndpointSlice"),
    "endpoints": ("v1", "Endpoints"),
    "configmaps": ("v1", "ConfigMap"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of the history."""

    version: int
    old: Object | None
    new: Object | None
    """None: deleted. ``old`` then has the version of the deletion."""


@dataclass(slots=True)
class Collection:
    """All objects of one kind, by namespace and name."""

    objects: dict[tuple[str, str], Object] = field(default_factory=dict)
    history: list[Entry] = field(default_factory=list)
    oldest: int = 0
    """A watch from before this version is told 410."""
    version: int = 0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def since(self, version: int) -> list[Entry]:
        """The changes after a version."""
        return self.history[bisect.bisect_right(self.history, version, key=lambda entry: entry.version) :]


class Cluster:
    """What a real cluster would hold. All changes go through :meth:`put` and :meth:`delete`."""

    def __init__(self) -> None:
        self.version = 100
        self.collections = {kind: Collection(version=100, oldest=100) for kind in KINDS}

    async def put(self, kind: str, item: Object, *, version: int | None = None) -> Object:
        """Create or change an object; it gets the next version. One of another UID is deleted before."""
        collection = self.collections[kind]
        old = collection.objects.get((item["metadata"].get("namespace", "loco"), item["metadata"]["name"]))
        if old is not None and old["metadata"]["uid"] != item["metadata"]["uid"]:
            await self.delete(kind, *reversed(key_of(old)))
        stored = self._stamped(kind, copy.deepcopy(item), version)
        key = key_of(stored)
        entry = Entry(int(stored["metadata"]["resourceVersion"]), collection.objects.get(key), stored)
        collection.objects[key] = stored
        await self._tell(collection, entry)
        return stored

    async def put_all(self, kind: str, items: list[Object]) -> None:
        """Create or change many before anybody is told: they arrive together."""
        collection = self.collections[kind]
        for item in items:
            stored = self._stamped(kind, item, None)
            key = key_of(stored)
            version = int(stored["metadata"]["resourceVersion"])
            collection.history.append(Entry(version, collection.objects.get(key), stored))
            collection.objects[key] = stored
            collection.version = version
        await self.wake(kind)

    async def delete(self, kind: str, name: str, namespace: str = "loco", *, last: Object | None = None) -> None:
        """Remove an object."""
        collection = self.collections[kind]
        old = collection.objects.pop((namespace, name))
        version = int(last["metadata"]["resourceVersion"]) if last is not None else None
        await self._tell(collection, Entry(0, self._stamped(kind, copy.deepcopy(last or old), version), None))

    def forget_history(self) -> None:
        """As after the restart of an API server, or a compaction: no new watch can begin at an older version."""
        self.version += 1
        for collection in self.collections.values():
            collection.version = collection.oldest = self.version

    async def lose(self, kind: str, name: str, namespace: str = "loco") -> None:
        """Remove an object without telling any watch: what must never happen, for the check that notices it."""
        self.collections[kind].objects.pop((namespace, name))

    async def wake(self, kind: str) -> None:
        """Let watches look again."""
        async with self.collections[kind].changed:
            self.collections[kind].changed.notify_all()

    async def _tell(self, collection: Collection, entry: Entry) -> None:
        newest = entry.new or entry.old
        assert newest is not None
        version = int(newest["metadata"]["resourceVersion"])
        collection.history.append(Entry(version, entry.old, entry.new))
        collection.version = max(collection.version, version)
        async with collection.changed:
            collection.changed.notify_all()

    def _stamped(self, kind: str, item: Object, version: int | None) -> Object:
        self.version = version if version is not None else self.version + 1
        api_version, name = KINDS[kind]
        return {
            "kind": name,
            "apiVersion": api_version,
            **item,
            "metadata": {"namespace": "loco", **item["metadata"], "resourceVersion": str(self.version)},
        }


def key_of(item: Object) -> tuple[str, str]:
    """Namespace and name."""
    return item["metadata"]["namespace"], item["metadata"]["name"]


@dataclass(frozen=True, slots=True)
class Selector:
    """A namespace and what chooses objects in it."""

    namespace: str
    labels: dict[str, str]
    fields: dict[str, str]

    @classmethod
    def parse(cls, namespace: str, labels: str, fields: str) -> "Selector":
        """Of ``a=b,c=d``; only equality is known."""
        return cls(namespace, _pairs(labels), _pairs(fields))

    def chooses(self, item: Object | None) -> bool:
        """Whether the object is meant."""
        if item is None or item["metadata"]["namespace"] != self.namespace:
            return False
        labels = item["metadata"].get("labels") or {}
        name = self.fields.get("metadata.name", item["metadata"]["name"])
        return name == item["metadata"]["name"] and all(labels.get(key) == want for key, want in self.labels.items())


def event_for(entry: Entry, selector: Selector) -> bytes | None:
    """The line of a watch, or None where the change is not of its objects."""
    before, after = selector.chooses(entry.old), selector.chooses(entry.new)
    if after:
        return line_of("MODIFIED" if before else "ADDED", entry.new)
    if before:
        gone = entry.old if entry.new is None else entry.old | {"metadata": entry.new["metadata"]}  # type: ignore[operator]
        return line_of("DELETED", gone)
    return None


def line_of(kind: str, item: object) -> bytes:
    """One line of a watch."""
    return json.dumps({"type": kind, "object": item}, separators=(",", ":")).encode() + b"\n"


def _pairs(text: str) -> dict[str, str]:
    return dict(_split(text))


def _split(text: str) -> Iterator[tuple[str, str]]:
    for word in filter(None, text.split(",")):
        name, _, value = word.partition("=")
        yield name, value.lstrip("=")
