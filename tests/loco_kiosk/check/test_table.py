from loco_kiosk.check import table
from loco_kiosk.check.report import Figure, ProcessCost, Report, TileResult
from loco_kiosk.client.tile import TileState

TILE = TileResult(
    id="instance-0", state=TileState.LIVE, fps_presented=29.94, key_to_picture=Figure(37, 9.04, 12.3),
    drops={"newer_picture": 3, "late": 1}, freezes=2, frozen_ms=410.4, audio_dbfs=-23.4,
)  # fmt: skip
COSTS = (ProcessCost("kiosk", "", 10.0, 300, 250), *(ProcessCost("qemu", f"instance-{n}", 2, 90, 80) for n in (0, 1)))
REPORT = Report(
    tiles=(TILE,), expected=1, seconds=20.0, processes=COSTS, platform={"os": "Debian", "qemu": "10.0"},
    key_to_picture=Figure(333, 11, 48),
)  # fmt: skip


def test_the_table_says_what_was_measured() -> None:
    lines = table.text(REPORT, []).splitlines()
    (tile,) = [line for line in lines if line.startswith("instance-0")]
    for part in ("live", "29.9", "9.0 / 12.3 (37)", "2 (410 ms)", "-23", "late 1, newer_picture 3"):
        assert part in tile
    assert "Key to picture of all tiles, ms: 11.0 / 48.0 (333)" in lines
    assert "qemu: 10.0" in lines
    assert lines[-1].startswith("PASSED")


def test_processes_are_summed_by_role_and_altogether() -> None:
    lines = [line.split() for line in table.text(REPORT, []).splitlines()]
    assert ["qemu", "2", "4.00", "0.20", "180", "160"] in lines
    assert ["all", "3", "14.00", "0.70", "480", "410"] in lines


def test_a_failure_is_explained_line_by_line() -> None:
    text = table.text(REPORT, ["instance-0 is lost.", "instance-1 is stale."])
    assert text.endswith("FAILED:\n  - instance-0 is lost.\n  - instance-1 is stale.\n")


def test_a_check_that_saw_nothing_still_has_a_table() -> None:
    text = table.text(Report(tiles=(), expected=9, seconds=0.0), ["nothing"])
    assert "FAILED" in text
