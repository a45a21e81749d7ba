"""The switch as a document: from counters to :mod:`backend.contract.lan`."""

from backend.contract.lan import LanStatus, PortStatus, RoomStatus
from backend.lan.frame import mac_text
from backend.lan.port import Port
from backend.lan.switch import LanRoom, Switch


def lan_status(switch: Switch, now_s: float) -> LanStatus:
    """How things stand; ``now_s`` is monotonic."""
    rooms = tuple(_room_status(room, now_s) for room in switch.rooms.values())
    return LanStatus(site=switch.site, uptime_s=round(now_s - switch.started_s, 3), rooms=rooms)


def _room_status(room: LanRoom, now_s: float) -> RoomStatus:
    room.reach.sample(now_s)
    ports = sorted(room.room.ports, key=lambda port: port.number)
    return RoomStatus(
        name=room.room.name,
        ports=tuple(_port_status(room, port, now_s) for port in ports),
        pairs=room.reach.pairs(now_s),
        network="" if room.addresses is None else str(room.addresses.network),
    )


def _port_status(room: LanRoom, port: Port, now_s: float) -> PortStatus:
    return PortStatus(
        number=port.number,
        name=port.name,
        kind=port.kind,
        state=port.state,
        reason=port.reason,
        since=round(port.since_unix_s, 3),
        macs=tuple(sorted(mac_text(mac) for mac in room.room.table.of(port))),
        addresses=tuple(str(each.address) for each in room.station.neighbours.of(port)),
        heard_age_s=round(now_s - port.heard_s, 3) if port.heard_s else -1.0,
        frames_in=port.frames_in,
        frames_out=port.frames_out,
        bytes_in=port.bytes_in,
        bytes_out=port.bytes_out,
        drops=dict(port.drops),
        broadcasts=dict(port.broadcasts),
        directplay=port.directplay,
        directplay_ports=port.directplay_ports,
    )
