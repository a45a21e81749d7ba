"""What is known of all streams as one JSON document, for whoever looks into a complaint later. Plain Python."""

import dataclasses
import datetime
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from backend.contract.control import PictureWish
from backend.contract.errors import LocoError
from loco_kiosk.models.alerts import Alert
from loco_kiosk.models.history import History, Measured

VERSION = 1


class ExportError(LocoError):
    """The file cannot be written; the text says why."""


def document(
    measured: Mapping[str, Measured],
    history: History,
    alerts: Iterable[Alert],
    wish: PictureWish,
    *,
    now: datetime.datetime,
    now_s: float,
) -> dict[str, Any]:
    """The document; ``now`` and the monotonic ``now_s`` are the same moment."""

    def told(at_s: float | None) -> str | None:
        return None if at_s is None else (now - datetime.timedelta(seconds=now_s - at_s)).isoformat("T", "seconds")

    return {
        "version": VERSION,
        "written": now.isoformat("T", "seconds"),
        "wish": dataclasses.asdict(wish),
        "streams": [_stream(each, history) for each in measured.values()],
        "alerts": [
            {"id": one.instance, "name": one.name, "since": told(one.since_s), "until": told(one.until_s),
             "words": one.words}
            for one in alerts
        ],
    }  # fmt: skip


def write(directory: Path, document: Mapping[str, Any]) -> Path:
    """Write it under a name that tells its time; returns the file.

    Raises:
        ExportError: the directory cannot be made or written.
    """
    stamp = str(document["written"])[:19].replace(":", "").replace("-", "")
    path = directory / f"quality-{stamp}.json"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise ExportError(f"The figures cannot be written to {path}: {error.strerror}.") from error
    return path


def _stream(measured: Measured, history: History) -> dict[str, Any]:
    return {
        **dataclasses.asdict(measured.view),
        "shown_fps": round(measured.shown_fps, 2),
        "capture_to_swap_ms": measured.swap_ms,
        "history": [
            {name: _short(value) for name, value in sample.items()} for sample in history.samples(_id(measured))
        ],
    }


def _id(measured: Measured) -> str:
    return measured.view.id


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
