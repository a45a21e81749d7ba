"""Discovery from a file, for installations without Kubernetes.

TOML or JSON by the name's ending; JSON may also be the bare list::

    [[instances]]
    id = "instance-0"          # ends in its slot, from 0
    name = "Platform 1"        # optional
    address = "192.0.2.10"     # or addresses = ["192.0.2.10", "2001:db8::10"]
    port = 8081
"""

import asyncio
import json
import tomllib
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path

from backend.contract.errors import WireError
from backend.contract.instance import slot_of
from backend.contract.reading import integer, sequence_of_strings, string
from backend.discovery.errors import InstancesFileError
from backend.discovery.source import Remove, Sighting, SourceEvent, Synced, Unavailable, Upsert

POLL_S = 1.0
"""A look at the file's time stamp costs microseconds; people edit it by hand."""


def read_instances(path: Path) -> dict[str, Sighting]:
    """All instances of the file, by id.

    Raises:
        InstancesFileError: it cannot be read, or does not fit; the text says what to write.
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise InstancesFileError(f"Cannot read the file of instances {path}: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise InstancesFileError(f"The file of instances {path} is not valid TOML or JSON: {error}.") from error
    rows = data.get("instances") if isinstance(data, dict) else data
    if not isinstance(rows, list):
        raise InstancesFileError(f"{path} has no list of instances: write [[instances]] with id, address and port.")
    sightings = [_sighting(path, number, row) for number, row in enumerate(rows, 1)]
    _require_distinct(path, sightings)
    return {sighting.id: sighting for sighting in sightings}


class StaticFile:
    """Watches one file. A bad file keeps the last good list, and says so."""

    mode = "static"

    def __init__(self, path: Path, poll_s: float = POLL_S) -> None:
        self._path = path
        self._poll_s = poll_s
        self._stamp: tuple[int, int, int] | None = None
        self._known: dict[str, Sighting] = {}
        self._good = False
        self._look_now = asyncio.Event()
        self._looked = asyncio.Event()

    async def watch(self) -> AsyncGenerator[SourceEvent, None]:
        """Every change of the file, for ever."""
        while True:
            for event in await asyncio.to_thread(self._look):
                yield event
            self._looked.set()
            self._looked = asyncio.Event()
            self._look_now.clear()
            try:
                async with asyncio.timeout(self._poll_s):
                    await self._look_now.wait()
            except TimeoutError:
                continue

    async def refresh(self) -> None:
        """Look now."""
        self._look_now.set()
        await self._looked.wait()

    def _look(self) -> list[SourceEvent]:
        stamp = self._read_stamp()
        if stamp is not None and stamp == self._stamp:
            return [Synced(frozenset(self._known))] if self._good else []
        self._stamp = stamp
        try:
            found = read_instances(self._path)
        except InstancesFileError as error:
            self._good = False
            return [Unavailable(f"{error} The last good list stays in use.")]
        gone = [Remove(instance_id) for instance_id in self._known if instance_id not in found]
        changed = [Upsert(sighting) for sighting in found.values() if self._known.get(sighting.id) != sighting]
        self._known, self._good = found, True
        return [*gone, *changed, Synced(frozenset(found))]

    def _read_stamp(self) -> tuple[int, int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size


def _sighting(path: Path, number: int, row: object) -> Sighting:
    if not isinstance(row, Mapping):
        raise InstancesFileError(f"Instance {number} in {path} must be a table with id, address and port.")
    try:
        instance_id = string(row, "id")
        slot = integer(row, "slot") if "slot" in row else slot_of(instance_id)
        address = string(row, "address", "")
        addresses = (address,) if address else sequence_of_strings(row, "addresses")
        port = integer(row, "port")
        name = string(row, "name", "") or f"PC {slot + 1}"
    except WireError as error:
        raise InstancesFileError(f"Instance {number} in {path}: {error}") from error
    if not addresses or not 0 < port < 65536 or slot < 0:
        raise InstancesFileError(
            f'Instance {number} in {path} needs address = "192.0.2.10", a port from 1 to 65535 and a slot from 0.'
        )
    return Sighting(id=instance_id, slot=slot, name=name, addresses=addresses, port=port, zone=string(row, "zone", ""))


def _require_distinct(path: Path, sightings: list[Sighting]) -> None:
    seen: set[str | int] = set()
    for sighting in sightings:
        for key, word in ((sighting.id, f"id {sighting.id}"), (sighting.slot, f"slot {sighting.slot}")):
            if key in seen:
                raise InstancesFileError(f"{path} names the {word} twice: each instance needs its own.")
            seen.add(key)
