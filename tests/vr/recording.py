"""Sessions of somebody's head and hands, recorded and replayed: one JSON document a line, with its time in seconds."""

import json
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.vr.remote_control import RemoteControl
from tests.vr.remote_state import RemoteState, from_json, to_json

SESSIONS = Path(__file__).parent / "sessions"


class Moment(NamedTuple):
    """What was true from a time on."""

    at_s: float
    state: RemoteState


def write(path: Path, moments: Iterable[Moment]) -> None:
    """Write a session; times count from its first moment."""
    lines, began_s = [], None
    for at_s, state in moments:
        began_s = at_s if began_s is None else began_s
        lines.append(json.dumps({"at_s": round(at_s - began_s, 4), **to_json(state)}) + "\n")
    path.write_text("".join(lines))


def read(path: Path) -> list[Moment]:
    """Read what :func:`write` wrote."""
    documents = map(json.loads, path.read_text().splitlines())
    return [Moment(document["at_s"], from_json(document)) for document in documents]


def replay(remote: RemoteControl, moments: Sequence[Moment]) -> None:
    """Send each moment at its time."""
    began_s = time.monotonic()
    for at_s, state in moments:
        time.sleep(max(0.0, began_s + at_s - time.monotonic()))
        remote.send(state)
