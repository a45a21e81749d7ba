import io
import json
from pathlib import Path

import pytest

from backend.contract.errors import LocoError
from loco_kiosk.check import command
from loco_kiosk.settings import KioskSettings
from tests.loco_kiosk.check.pretended_wall import PretendedWall

WINDOW = {"qt": "6.11.3", "renderer": "llvmpipe"}


async def run(wall: PretendedWall, settings: KioskSettings, output: io.StringIO) -> int:
    def screenshot(path: Path) -> None:
        if path.name == "refused.png":
            raise LocoError("There is no picture.")
        path.write_bytes(b"PNG")

    return await command.run(wall, settings, window=WINDOW, screenshot=screenshot, qemu="/nowhere/qemu", output=output)


async def test_a_good_kiosk_gives_0_and_leaves_table_report_and_picture(tmp_path: Path) -> None:
    report, picture, output = tmp_path / "deep" / "report.json", tmp_path / "wall.png", io.StringIO()
    settings = KioskSettings(check=1.2, instances=1, report=report, screenshot=picture)
    assert await run(PretendedWall(1), settings, output) == 0
    document = json.loads(report.read_text())
    assert document["ok"] is True
    assert document["platform"]["renderer"] == "llvmpipe"
    assert {"role", "id", "cpu_s", "rss_mib"} == set(document["processes"][0])
    assert picture.read_bytes() == b"PNG"
    assert "PASSED" in output.getvalue()


async def test_a_bad_kiosk_gives_1_and_says_why(tmp_path: Path) -> None:
    wall, report, output = PretendedWall(1), tmp_path / "report.json", io.StringIO()
    wall.mute.add("instance-0")
    assert await run(wall, KioskSettings(check=1.2, instances=1, report=report), output) == 1
    assert json.loads(report.read_text())["ok"] is False
    assert "instance-0 answered 0 of" in output.getvalue()


async def test_a_picture_that_cannot_be_taken_fails_the_check(tmp_path: Path) -> None:
    report, output = tmp_path / "report.json", io.StringIO()
    settings = KioskSettings(check=1.2, instances=1, report=report, screenshot=tmp_path / "refused.png")
    assert await run(PretendedWall(1), settings, output) == 1
    assert json.loads(report.read_text())["ok"] is False
    assert "There is no picture." in output.getvalue()


@pytest.mark.parametrize("name", ["file/report.json", "."])
async def test_a_report_that_cannot_be_written_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    output = io.StringIO()
    assert await run(PretendedWall(1), KioskSettings(check=1.2, instances=1, report=tmp_path / name), output) == 1
    assert "Cannot write the report" in output.getvalue()
