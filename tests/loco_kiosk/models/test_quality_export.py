import datetime
import json
from pathlib import Path

import pytest

from backend.contract.control import PictureWish
from loco_kiosk.client.tile import TileState, TileView
from loco_kiosk.models import quality_export
from loco_kiosk.models.alerts import Alert
from loco_kiosk.models.history import History, Measured

NOW = datetime.datetime(2026, 3, 1, 12, 0, 0, tzinfo=datetime.UTC)
MEASURED = {"pc": Measured(TileView(slot=0, id="pc", name="PC", state=TileState.LIVE), 30.0, None)}


def test_times_of_alerts_are_those_of_the_clock() -> None:
    alerts = [Alert("pc", "PC", "Late.", 90.0, 95.0), Alert("pc", "PC", "Late.", 99.0)]
    made = quality_export.document(MEASURED, History(), alerts, PictureWish(), now=NOW, now_s=100.0)
    assert [(one["since"], one["until"]) for one in made["alerts"]] == [
        ("2026-03-01T11:59:50+00:00", "2026-03-01T11:59:55+00:00"),
        ("2026-03-01T11:59:59+00:00", None),
    ]


def test_the_file_is_named_after_its_time(tmp_path: Path) -> None:
    made = quality_export.document(MEASURED, History(), (), PictureWish(), now=NOW, now_s=0.0)
    path = quality_export.write(tmp_path, made)
    assert path.name == "quality-20260301T120000.json"
    assert json.loads(path.read_text())["streams"][0]["name"] == "PC"


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(quality_export.ExportError, match="cannot be written"):
        quality_export.write(tmp_path / "file", {"written": "2026-03-01T12:00:00"})
