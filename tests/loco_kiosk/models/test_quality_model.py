import json
import logging
from pathlib import Path

import pytest

from backend.contract.control import PictureWish, Preference
from loco_kiosk.client.tile import TileState, TileView
from loco_kiosk.models.history import Measured
from loco_kiosk.models.quality_model import QualityModel

WISH = PictureWish(Preference.SHARP, pixel_exact=True)


def tile(slot: int = 0, state: TileState = TileState.LIVE, **changes: object) -> TileView:
    given: dict[str, object] = {"id": f"instance-{slot}", "name": "Yard", "fps": 30.0, "delay_ms": 8.0}
    return TileView(slot=slot, state=state, **(given | changes))  # type: ignore[arg-type]  # fields by name


@pytest.fixture
def model(tmp_path: Path) -> QualityModel:
    return QualityModel(tmp_path / "state", lambda: WISH)


def take(model: QualityModel, seconds: int, *views: TileView, first_s: int = 0) -> None:
    for second in range(seconds):
        model.take([Measured(view, 29.6, 21.0) for view in views], float(first_s + second))


def test_each_stream_has_a_row_with_its_verdict(model: QualityModel) -> None:
    reduced = tile(2, quality_reason="The way is narrow.")
    lost = tile(3, TileState.LOST, reason="It does not answer.")
    take(model, 5, tile(), tile(1, loss=0.2), reduced, lost)
    rows = model.rows
    assert [row["word"] for row in rows] == ["Good", "Poor", "Reduced", "Lost"]
    assert [row["said"] for row in rows] == [
        "", "Poor network: 20 % of the packets get lost.", "The way is narrow.", "It does not answer.",
    ]  # fmt: skip
    assert rows[0]["title"] == "1 · Yard"
    assert (rows[0]["delay"], rows[0]["fps"], rows[3]["rate"]) == ("8 ms", "30 fps", "-")
    assert len(rows[0]["trace"]) == 5
    assert model.summary == "3 streams · 0 kbit/s together · one is poor"


def test_an_alert_is_told_once_and_taken_back_once(model: QualityModel, caplog: pytest.LogCaptureFixture) -> None:
    told: list[dict[str, str]] = []
    model.alerted.connect(told.append)
    assert model.newestAlert == ""
    with caplog.at_level(logging.INFO):
        take(model, 6, tile(loss=0.2))
        take(model, 8, tile(), first_s=6)
    assert told == [{"instance-0": "Poor network: 20 % of the packets get lost."}, {}]
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert "Yard: Poor network" in model.newestAlert


def test_without_streams_the_page_says_so(model: QualityModel) -> None:
    assert model.summary == "No stream yet."
    assert model.rows == []


def test_the_rows_of_the_overlay_get_their_graphs(model: QualityModel) -> None:
    take(model, 3, tile())
    rows = model.with_traces("instance-0", [{"label": "Delay", "series": "delay_ms"}, {"label": "Headset"}])
    assert rows[0]["trace"] == [1.0, 1.0, 1.0]
    assert rows[1]["trace"] == []


def test_everything_is_written_to_a_file(model: QualityModel, tmp_path: Path) -> None:
    said: list[str] = []
    model.said.connect(said.append)
    take(model, 5, tile(loss=0.2))
    model.export()
    (path,) = (tmp_path / "state").glob("quality-*.json")
    assert said == [f"Written to {path}."]
    written = json.loads(path.read_text(encoding="utf-8"))
    assert written["wish"] == {"preference": "sharp", "pixel_exact": True}
    (stream,) = written["streams"]
    assert (stream["id"], stream["state"], stream["shown_fps"]) == ("instance-0", "live", 29.6)
    assert [sample["loss"] for sample in stream["history"]] == [0.2] * 5
    (alert,) = written["alerts"]
    assert alert["until"] is None
    assert alert["words"].startswith("Poor network")


def test_a_directory_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file is in the way")
    model = QualityModel(tmp_path / "state", lambda: WISH)
    said: list[str] = []
    model.said.connect(said.append)
    model.export()
    assert "cannot be written" in said[0]
