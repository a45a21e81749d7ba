"""What a panel says and how well it reads, caught while it is drawn."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from loco_kiosk.client.tile import TileState
from loco_kiosk.client.vr_messages import ScreenView
from vr.panels import font
from vr.panels.sheet import Sheet

LEAST_CAP_ARCMIN = 20


@dataclass(frozen=True)
class Written:
    asked: str
    shown: str
    size_px: int
    ink: str
    on: str

    def cap_arcmin(self, width_px: int, angle_deg: float) -> float:
        return self.size_px * font.CAP_HEIGHT * angle_deg * 60 / width_px


@contextmanager
def reading() -> Iterator[list[Written]]:
    """Everything that is written while it lasts; caches must be empty or the words new."""
    written: list[Written] = []
    draw = Sheet.text

    def text(sheet: Sheet, text: str, x: float, y: float, size: float, ink: str, **how: Any) -> float:
        shown, fitted = font.fit(text, round(size), round(min(how.get("least", 18), size)), how["room"])
        written.append(Written(text, shown, fitted, ink, how["on"]))
        return draw(sheet, text, x, y, size, ink, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sheet, "text", text)
        yield written


def view(slot: int = 0, **changes: Any) -> ScreenView:
    known: dict[str, Any] = {"place": 0, "id": f"instance-{slot}", "name": f"PC {slot + 1}", "state": TileState.LIVE}
    return ScreenView(slot=slot, **(known | changes))
