"""Where the machines come from and how far that can be trusted, in words and colours. Plain Python."""

from collections import Counter

from backend.contract.events import DiscoveryState
from backend.contract.instance import Instance, InstanceState
from loco_kiosk.client.backend_view import BackendView
from loco_kiosk.look import palette

_MODES = {"local": "This computer", "kubernetes": "Kubernetes", "static": "List in a file"}
_WORDS = {
    DiscoveryState.INIT: ("Looking", "booting"),
    DiscoveryState.SYNCING: ("Reading the list", "booting"),
    DiscoveryState.LIVE: ("Live", "live"),
    DiscoveryState.STALE: ("Stale", "stale"),
    DiscoveryState.LOST: ("Lost", "lost"),
}
"""Word, and the tile state whose glyph and colour say the same."""
_INSTANCE_WORDS = {
    InstanceState.PENDING: ("Waiting", "pending"),
    InstanceState.BOOTING: ("Starting", "booting"),
    InstanceState.READY: ("Ready", "live"),
    InstanceState.DEGRADED: ("Not well", "degraded"),
    InstanceState.TERMINATING: ("Stopping", "leaving"),
    InstanceState.LOST: ("Lost", "lost"),
    InstanceState.GONE: ("Switched off", "gone"),
}
FRESH_S = 10.0
"""The backend confirms a live list every few seconds; its age within that is not worth a redraw."""
_NOT_THERE = (InstanceState.GONE, InstanceState.TERMINATING)


def line(view: BackendView, now_s: float) -> dict[str, str]:
    """The status line: glyph, colour and word, then mode, machines found and age of the list."""
    word, glyph = _WORDS[view.state]
    text = " · ".join((mode(view), found(view), age(view, now_s)))
    return {"word": word, "glyph": glyph, "colour": palette.STATES[glyph], "text": text}


def mode(view: BackendView) -> str:
    """The source of the machines."""
    return _MODES.get(view.mode, view.mode or "No source yet")


def found(view: BackendView) -> str:
    """How many machines there are; those that were switched off only keep their place."""
    count = sum(each.state not in _NOT_THERE for each in view.instances)
    return "1 machine" if count == 1 else f"{count} machines"


def age(view: BackendView, now_s: float) -> str:
    """How old the list is."""
    if view.state in (DiscoveryState.INIT, DiscoveryState.SYNCING):
        return "no list yet"
    age_s = view.age_at(now_s)
    if view.state is DiscoveryState.LIVE and age_s < FRESH_S:
        return "up to date"
    return f"list {span(age_s)} old"


def span(seconds: float) -> str:
    """A time for people."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"


def details(view: BackendView, now_s: float) -> list[dict[str, str]]:
    """Rows of the detail page."""
    doubts = [("Why", view.doubt)] if view.doubt else []
    age_s = view.age_at(now_s)
    rows = [
        ("Source", mode(view)),
        ("Backend", view.url),
        ("State", f"{_WORDS[view.state][0]}, {'connected' if view.connected else 'not connected'}"),
        *doubts,
        ("List confirmed", f"{age_s:.1f} s ago" if age_s < 10 else f"{span(age_s)} ago"),
        ("Change number", str(max(view.revision, 0))),
        ("Machines", _counted(view)),
    ]
    return [{"label": label, "value": value} for label, value in rows]


def machines(view: BackendView, now_s: float) -> list[dict[str, str]]:
    """One row a machine, by slot; ``now_s`` is the time of the calendar, for since when it is so."""
    return [_machine(each, now_s) for each in view.instances]


def _machine(each: Instance, now_s: float) -> dict[str, str]:
    word, glyph = _INSTANCE_WORDS[each.state]
    since = f" for {span(now_s - each.since)}" if 0 < each.since <= now_s else ""
    where = " · ".join(part for part in (each.node, each.zone) if part)
    health = f"health {each.health} %" if each.health < 100 else ""
    said = " · ".join(part for part in (each.reason, where, health) if part)
    return {
        "number": str(each.slot + 1),
        "name": each.name,
        "glyph": glyph,
        "colour": palette.STATES[glyph],
        "word": word + since,
        "said": said,
    }


def _counted(view: BackendView) -> str:
    counts = Counter(_INSTANCE_WORDS[each.state][0].lower() for each in view.instances)
    return ", ".join(f"{count} {word}" for word, count in counts.items()) or "none"
