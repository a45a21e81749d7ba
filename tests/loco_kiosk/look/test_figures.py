from loco_kiosk.client.tile import TileState, TileView
from loco_kiosk.look import figures


def tile(**changes: object) -> TileView:
    return TileView(slot=0, id="instance-0", name="Yard", state=TileState.LIVE, **changes)  # type: ignore[arg-type]  # a dict


def test_the_overlay_names_each_stage_and_each_cause_of_drops() -> None:
    view = tile(
        stages_ms={"encode": 3.14}, drops={"late": 2}, fps=30.0, bit_rate_bps=1_500_000, width_px=640, height_px=480
    )
    found = figures.rows(view, 29.5, 21.0, {"newer_picture": 4})
    rows = {row["label"]: row["value"] for row in found}
    assert rows["· encode"] == "3.1 ms"
    assert rows["Shown"] == "29.5 of 30.0 fps"
    assert rows["Bit rate"] == "1.5 Mbit/s"
    assert (rows["Dropped: late"], rows["Dropped: newer picture"]) == ("2", "4")
    assert rows["Key to picture"] == "not measured"
    assert rows["Freezes"] == "none"
    assert "Reduced" not in rows
    assert {row["label"]: row["series"] for row in found}["· encode"] == "stage_encode_ms"


def test_a_reduced_picture_says_why_and_how_large_it_comes() -> None:
    view = tile(
        width_px=640, height_px=480, picture_width_px=320, picture_height_px=240, quality_reason="The way is narrow."
    )
    rows = {row["label"]: row["value"] for row in figures.rows(view, 0, None, {})}
    assert rows["Picture"] == "640 x 480, sent 320 x 240"
    assert rows["Reduced"] == "The way is narrow."


def test_exact_colours_are_told() -> None:
    assert figures.picture(tile(width_px=640, height_px=480, pixel_exact=True)) == "640 x 480, 4:4:4"
    assert figures.picture(tile()) == "none yet"


def test_freezes_are_counted_with_the_longest() -> None:
    assert figures.freezes(tile(freezes=2, longest_freeze_ms=340)) == "2, longest 340 ms"
    assert figures.freezes(tile(freezes=1, longest_freeze_ms=2340)) == "1, longest 2.3 s"


def test_no_drops_say_so() -> None:
    assert figures.drop_rows({"late": 0}) == [("Dropped", "none")]


def test_small_rates_are_told_in_kilobits() -> None:
    assert figures.bit_rate(56_000) == "56 kbit/s"
