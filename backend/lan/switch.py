"""The rooms of one switch and their ports: who belongs where, with which number and which addresses."""

import itertools
import secrets
import time
from collections import Counter
from collections.abc import Iterator
from ipaddress import IPv4Network

from backend.contract.errors import SettingsError, WireError
from backend.contract.instance import slot_of
from backend.contract.lan import PortKind
from backend.contract.lan_wiring import guest_mac
from backend.lan.address_service import AddressService
from backend.lan.dgram_port import DgramPort
from backend.lan.frame import Mac, mac_bytes
from backend.lan.port import Port
from backend.lan.prober import Prober
from backend.lan.reach import Reach
from backend.lan.room import Room
from backend.lan.rooms import RoomPlan, named
from backend.lan.settings import LanSettings
from backend.lan.station import LanStation
from backend.lan.stream_port import StreamPort

LINKS_FROM, NAMED_FROM = 10_001, 20_001
"""Numbers of ports below are those of instances."""
MAX_PORTS = 1000
"""Of one switch: connections could not make it remember more."""
_ANY_MACS, _LINK_MACS = 64, 4096
_STATION_NUMBER = b"\xff\xff"
"""In place of an ordinal: no instance has it."""


class LanRoom:
    """One room with all that belongs to it."""

    def __init__(self, name: str, settings: LanSettings) -> None:
        self.room = Room(name)
        mac = mac_bytes(guest_mac("station-0", settings.site))[:4] + _STATION_NUMBER
        self.addresses = _address_service(settings)
        self.station = LanStation(mac, self.room.inject, self.addresses)
        self.room.station = self.station
        self.prober = Prober(self.station)
        self.reach = Reach(self.room)


class Switch:
    """All rooms and ports. Ports are made once and stay."""

    def __init__(self, settings: LanSettings) -> None:
        """Read who belongs where.

        Raises:
            SettingsError: rooms, addresses or MAC addresses that cannot be.
        """
        self.site = settings.site
        self.id = secrets.token_hex(8)
        """Differs with each start."""
        self.started_s = time.monotonic()
        self.refused: Counter[str] = Counter()
        """Connections that were turned away, by what they wanted to be: ``agent`` or ``link``."""
        self._settings = settings
        self._plan = RoomPlan(settings.rooms)
        self._macs = named(settings.macs, "macs", "instance-3=52:54:00:12:34:56")
        self._named = itertools.count(NAMED_FROM)
        self._links = itertools.count(LINKS_FROM)
        self.rooms = {name: LanRoom(name, settings) for name in self._plan.names}
        self._by_name: dict[str, Port] = {}

    @property
    def ports(self) -> Iterator[tuple[LanRoom, Port]]:
        """All, room by room."""
        for room in self.rooms.values():
            for port in room.room.ports:
                yield room, port

    def dgram_port(self, instance_id: str) -> DgramPort:
        """Make the port of a guest of this machine.

        Raises:
            SettingsError: no directory is set, or no room has it.
        """
        if self._settings.directory is None:
            raise SettingsError("'guests' needs 'directory', where the run directories of the guests are.")
        room = self.room_of(instance_id)
        run = self._settings.directory / instance_id
        own, max_macs = self._sources(instance_id)
        port = DgramPort(
            self._number(instance_id),
            instance_id,
            run=run,
            own=own,
            max_macs=max_macs,
            queue_frames=self._settings.queue_frames,
        )
        self._join(room, port)
        return port

    def stream_port(self, name: str) -> StreamPort:
        """The port of a guest on a connection; made when it is first asked for.

        Raises:
            SettingsError: no room has it, it is on this machine already, or there are too many ports.
        """
        known = self._by_name.get(name)
        if isinstance(known, StreamPort):
            return known
        if known is not None:
            raise SettingsError(f"{name!r} is a guest of the switch's own machine; give the other one another name.")
        room = self.room_of(name)
        own, max_macs = self._sources(name)
        port = StreamPort(self._number(name), name, room.room.forward, own=own, max_macs=max_macs)
        self._join(room, port)
        return port

    def link_port(self, room_name: str, site: str) -> StreamPort:
        """The port to another site; made when it is first asked for.

        Raises:
            SettingsError: there is no such room, or there are too many ports.
        """
        self.require_room(room_name)
        room = self.rooms[room_name]
        name = f"{room_name}@{site}"
        known = self._by_name.get(name)
        if isinstance(known, StreamPort):
            return known
        port = StreamPort(next(self._links), name, room.room.forward, kind=PortKind.LINK, max_macs=_LINK_MACS)
        port.on_disconnected = lambda: room.room.table.forget(port)
        self._join(room, port)
        return port

    def require_room(self, name: str) -> None:
        """Raises SettingsError where there is no such room."""
        if name not in self.rooms:
            raise SettingsError(f"There is no room {name!r:.60} here; there are {', '.join(self.rooms)}.")

    def room_of(self, name: str) -> LanRoom:
        """The room of a guest.

        Raises:
            SettingsError: it is in none.
        """
        return self.rooms[self._plan.room_of(name)]

    def tick(self, now_s: float) -> None:
        """Age tables, end blocks, look for QEMUs; wanted about twice a second."""
        for room in self.rooms.values():
            room.room.tick(now_s)
            room.reach.sample(now_s)
        for _, port in self.ports:
            if isinstance(port, DgramPort):
                port.check()

    def close(self) -> None:
        """Close the sockets of this machine's guests."""
        for _, port in self.ports:
            if isinstance(port, DgramPort):
                port.close()

    def _join(self, room: LanRoom, port: Port) -> None:
        if len(self._by_name) >= MAX_PORTS:
            raise SettingsError(f"This switch has {MAX_PORTS} ports already.")
        taken = next((other.name for _, other in self.ports if other.number == port.number), None)
        if taken is not None:
            raise SettingsError(f"{port.name!r:.60} and {taken!r} are the same port {port.number}: rename one of them.")
        broadcasts = self._settings.broadcasts_per_s * (10 if port.is_link else 1)
        port.limit(broadcasts_per_s=broadcasts, mbit_s=0 if port.is_link else self._settings.port_mbit_s)
        self._by_name[port.name] = port
        room.room.add(port)
        if room.addresses is not None and not port.is_link and port.number < LINKS_FROM:
            for mac in port.own:
                room.addresses.reserve(mac, port.number - 1)

    def _number(self, name: str) -> int:
        try:
            number = slot_of(name) + 1
        except WireError:
            return next(self._named)
        if number >= LINKS_FROM:
            raise SettingsError(f"{name!r:.60} has too large a number: count instances from 0.")
        return number

    def _sources(self, name: str) -> tuple[frozenset[Mac], int]:
        """The only source addresses that a guest may use, or none and how many it may choose."""
        extra = frozenset(mac_bytes(text) for text in self._macs.get(name, ()))
        match self._settings.source_check:
            case "own":
                try:
                    own = extra | {mac_bytes(guest_mac(name, self.site))}
                except WireError:
                    own = extra
                return own, max(1, len(own))
            case "first":
                return frozenset(), 1
            case _:
                return frozenset(), _ANY_MACS


def _address_service(settings: LanSettings) -> AddressService | None:
    if not settings.addresses:
        return None
    try:
        network = IPv4Network(settings.addresses)
    except ValueError as error:
        raise SettingsError(f"'addresses' must be a network such as 192.168.98.0/24: {error}.") from error
    return AddressService(network, first=settings.address_first, count=settings.address_count, lease_s=settings.lease_s)
