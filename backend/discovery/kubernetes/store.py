"""The copy of a resource: pure state, no input or output."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

from backend.discovery.kubernetes.errors import GarbledError, of_status
from backend.discovery.kubernetes.resource import Path

Object = dict[str, Any]
_CHANGES = ("ADDED", "MODIFIED", "DELETED")


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a watch."""

    kind: str
    """``ADDED``, ``MODIFIED``, ``DELETED`` or ``BOOKMARK``."""
    version: str
    """Where to go on watching after it."""
    item: Object


@dataclass(frozen=True, slots=True)
class Listing:
    """A complete list at one version."""

    objects: dict[str, Object]
    """By ``metadata.uid``."""
    version: str


def change_of(line: bytes) -> Change:
    """Read one line of a watch.

    Raises:
        GoneError: it says that the version is too old, inside an answer that began with 200.
        ApiStatusError: it tells another error of the server.
        GarbledError: it is not what the API promises.
    """
    try:
        event = orjson.loads(line)
        kind, item = event["type"], event["object"]
        if kind == "ERROR":
            raise of_status(int(item.get("code", 500)), str(item.get("message", "")))
        version = item["metadata"]["resourceVersion"]
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise GarbledError(f"a line of the watch is not what the API promises: {line[:80]!r}") from error
    if not version or not isinstance(version, str) or kind not in (*_CHANGES, "BOOKMARK"):
        raise GarbledError(f"a line of the watch has no version or an unknown type: {line[:80]!r}")
    return Change(kind, version, item)


def uid_of(item: Object) -> str:
    """Identity of an object: a pod that replaces another of the same name is another.

    Raises:
        GarbledError: it has none.
    """
    try:
        uid = item["metadata"]["uid"]
    except (LookupError, TypeError) as error:
        raise GarbledError("an object of the API server has no metadata.uid") from error
    if not uid or not isinstance(uid, str):
        raise GarbledError("an object of the API server has no metadata.uid")
    return uid


def drop_fields(item: Object, drop: tuple[Path, ...]) -> Object:
    """Take the fields out of ``item``, of each element where a path leads through a list, and return it."""
    _drop(item, _branches(drop))
    return item


@cache
def _branches(paths: tuple[Path, ...]) -> dict[str, Any]:
    """The paths as a tree, so that one walk drops them all: two hundred pods change at once."""
    tree: dict[str, Any] = {}
    for *above, last in paths:
        branch = tree
        for key in above:
            branch = branch.setdefault(key, {})
        branch[last] = {}
    return tree


def _drop(inner: object, branches: dict[str, Any]) -> None:
    if isinstance(inner, list):
        for element in inner:
            _drop(element, branches)
    elif isinstance(inner, dict):
        for key, below in branches.items():
            if not below:
                inner.pop(key, None)
            elif key in inner:
                _drop(inner[key], below)


class Store:
    """The objects, in their newest state."""

    def __init__(self) -> None:
        self.objects: dict[str, Object] = {}
        """By ``metadata.uid``. Objects are replaced, never altered."""
        self._touched: list[set[str]] = []

    def replace(self, listing: Listing) -> bool:
        """Take a complete list; whether it changed anything."""
        uids = self.differing(listing)
        self.correct(listing, uids)
        return bool(uids)

    def apply(self, change: Change) -> bool:
        """Take one change; whether it changed anything.

        Raises:
            GarbledError: its object has no identity.
        """
        if change.kind == "BOOKMARK":
            return False
        uid = uid_of(change.item)
        for touched in self._touched:
            touched.add(uid)
        if change.kind == "DELETED":
            return self.objects.pop(uid, None) is not None
        old = self.objects.get(uid)
        self.objects[uid] = change.item
        return old is None or _version(old) != _version(change.item)

    def differing(self, listing: Listing) -> set[str]:
        """What this copy and the list do not agree on, by ``metadata.uid``."""
        mine, theirs = self.objects, listing.objects
        uids = mine.keys() ^ theirs.keys()
        return uids | {uid for uid in mine.keys() & theirs.keys() if _version(mine[uid]) != _version(theirs[uid])}

    def correct(self, listing: Listing, uids: Iterable[str]) -> None:
        """Take these objects from the list."""
        for uid in uids:
            if uid in listing.objects:
                self.objects[uid] = listing.objects[uid]
            else:
                self.objects.pop(uid, None)

    @contextmanager
    def touched(self) -> Iterator[set[str]]:
        """Collects the identities of what :meth:`apply` is told meanwhile."""
        uids: set[str] = set()
        self._touched.append(uids)
        try:
            yield uids
        finally:
            self._touched.remove(uids)


def _version(item: Mapping[str, Any]) -> Any:  # noqa: ANN401 - opaque
    return item["metadata"].get("resourceVersion")
