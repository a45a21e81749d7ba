"""The machines' network in words, colours and a matrix: what the page about it shows. Plain Python."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from backend.contract.errors import WireError
from backend.contract.instance import slot_of
from backend.contract.lan import DirectPlay, LanStatus, Layer2, PairReach, PortKind, PortState, PortStatus, RoomStatus
from loco_kiosk.look import palette

MATRIX_MAX = 12
"""Ports of a room whose matrix a screen holds; beyond, the pairs are counted in words."""
PROTOCOLS_SHOWN = 2
_STATES = {
    PortState.UP: ("Connected", "live"),
    PortState.DOWN: ("Away", "gone"),
    PortState.BLOCKED: ("Blocked", "stale"),
}
"""Word, and the tile state whose glyph and colour say the same."""
_LAYER2 = {
    Layer2.PROVEN: ("check", "live"),
    Layer2.EXPECTED: ("dot", "reconnecting"),
    Layer2.SILENT: ("dash", "booting"),
    Layer2.DOWN: ("close", "lost"),
}
"""Glyph, and the tile state whose colour it has."""
_DIRECTPLAY = {
    DirectPlay.OPEN: ("check", "live"),
    DirectPlay.CLOSED: ("dot", "reconnecting"),
    DirectPlay.SILENT: ("dash", "booting"),
    DirectPlay.UNKNOWN: ("", "gone"),
}
LEGEND = (
    ("check", "live", "spoke lately · both have a game open"),
    ("dot", "reconnecting", "could speak · no game open"),
    ("dash", "booting", "one is silent · no answer"),
    ("close", "lost", "one is not connected"),
)
"""Glyph, colour, and what it says above the diagonal and below it."""
_PROTOCOLS = {
    "arp": "ARP",
    "dhcp": "DHCP",
    "directplay": "DirectPlay",
    "ip": "IP",
    "ipv6": "IPv6",
    "ipx": "IPX",
    "loco": "trains",
    "netbios": "NetBIOS",
    "stp": "spanning tree",
}


def summary(status: LanStatus) -> str:
    """All rooms in one line."""
    ports = [port for room in status.rooms for port in room.ports]
    up = sum(port.state is PortState.UP for port in ports)
    lans = "One network" if len(status.rooms) == 1 else f"{len(status.rooms)} networks"
    dropped = sum(sum(port.drops.values()) for port in ports)
    drops = "nothing dropped" if not dropped else f"{number(dropped)} frames dropped"
    return f"{lans} · {up} of {len(ports)} connected · {number(sum(p.frames_in for p in ports))} frames · {drops}"


def rooms(status: LanStatus, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each room with its bricks, rows and matrix; ``names`` by instance."""
    return [_room(room, names) for room in status.rooms]


def legend() -> list[dict[str, str]]:
    """What the glyphs of the matrix say."""
    return [{"glyph": glyph, "colour": palette.STATES[state], "words": words} for glyph, state, words in LEGEND]


def number(count: int) -> str:
    """A count with its thousands apart; from a million on, rounded."""
    return f"{count:,}".replace(",", "\u202f") if count < 1_000_000 else f"{count / 1e6:.1f} M"


def _room(room: RoomStatus, names: Mapping[str, str]) -> dict[str, Any]:
    fits = len(room.ports) <= MATRIX_MAX
    return {
        "name": room.name,
        "summary": _pairs(room),
        "ports": [_port(port, names) for port in room.ports],
        "matrix": _matrix(room) if fits else [],
    }


def _pairs(room: RoomStatus) -> str:
    reach = Counter(pair.layer2 for pair in room.pairs)
    games = sum(pair.directplay is DirectPlay.OPEN for pair in room.pairs)
    parts = [
        f"{reach[Layer2.PROVEN]} of {len(room.pairs)} pairs spoke lately" if room.pairs else "nobody to speak with",
        f"{games} could play by DirectPlay now" if games else "",
        f"addresses from {room.network}" if room.network else "",
    ]
    return " · ".join(filter(None, parts))


def _port(port: PortStatus, names: Mapping[str, str]) -> dict[str, Any]:
    word, glyph = _STATES[port.state]
    dropped = sum(port.drops.values())
    return {
        **_brick(port),
        "name": "Other site" if port.kind is PortKind.LINK else names.get(port.name, port.name),
        "glyph": glyph,
        "stateColour": palette.STATES[glyph],
        "up": port.state is PortState.UP,
        "word": word,
        "sent": number(port.frames_in),
        "heard": number(port.frames_out),
        "dropped": number(dropped) if dropped else "-",
        "broadcasts": _protocols(port.broadcasts),
        "said": _said(port),
    }


def _brick(port: PortStatus) -> dict[str, str]:
    """The number and colour of its tile; the ground of a link is that of a button."""
    try:
        brick = palette.BRICKS[slot_of(port.name) % len(palette.BRICKS)]
    except WireError:
        brick = palette.BUTTON
    label = "@" if port.kind is PortKind.LINK else str(port.number)
    return {"number": label, "brick": brick, "ink": palette.ink(brick)}


def _protocols(counts: Mapping[str, int]) -> str:
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = [f"{_PROTOCOLS.get(name, name)} {number(count)}" for name, count in most[:PROTOCOLS_SHOWN]]
    more = len(most) - len(shown)
    return ", ".join(shown) + (f" +{more}" if more else "") or "-"


def _said(port: PortStatus) -> str:
    """The second line of a row: why it is not connected, addresses, games, drops by cause."""
    game = "game on " + ", ".join(map(str, port.directplay_ports)) if port.directplay_ports else ""
    drops = ", ".join(f"{cause.replace('_', ' ')} {number(count)}" for cause, count in sorted(port.drops.items()))
    macs = port.macs[0] if len(port.macs) == 1 else f"{len(port.macs)} addresses" if port.macs else ""
    name = port.name if port.kind is PortKind.LINK else ""
    parts = (port.reason, name, macs, ", ".join(port.addresses), game, f"dropped: {drops}" if drops else "")
    return " · ".join(filter(None, parts)) or "Not heard yet."


def _matrix(room: RoomStatus) -> list[list[dict[str, str]]]:
    """Rows of cells: above the diagonal who hears whom, below it who could play with whom."""
    pairs = {(pair.a, pair.b): pair for pair in room.pairs}
    return [[_cell(row, column, pairs) for column in room.ports] for row in room.ports]


def _cell(row: PortStatus, column: PortStatus, pairs: Mapping[tuple[int, int], PairReach]) -> dict[str, str]:
    if row is column:
        brick = _brick(row)
        return {"ground": brick["brick"], "text": brick["number"], "colour": brick["ink"], "glyph": ""}
    low, high = sorted((row.number, column.number))
    pair = pairs.get((low, high))
    glyph, state = ("", "gone")
    if pair is not None:
        glyph, state = _LAYER2[pair.layer2] if row.number < column.number else _DIRECTPLAY[pair.directplay]
    return {"ground": palette.CHIP, "text": "", "colour": palette.STATES[state], "glyph": glyph}
