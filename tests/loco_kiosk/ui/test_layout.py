"""Every screen at every size that a kiosk has: nothing too small to read, nothing cut off, nothing beyond the edge."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.loco_kiosk.xvfb import x_display

ROOT = Path(__file__).parents[3]
SMALLEST_PX = 12
pytestmark = [pytest.mark.gl, pytest.mark.timeout(150)]


@pytest.fixture(scope="module", params=["1280x720", "1920x1080", "1024x768"])
def gallery(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    width, height = (int(part) for part in request.param.split("x"))
    directory = tmp_path_factory.mktemp("gallery")
    command = [sys.executable, "-m", "tests.loco_kiosk.ui._gallery", "painted", str(width), str(height), str(directory)]
    with x_display(width, height) as environment:
        done = subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=140, check=False
        )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found | {"width": width, "height": height}


def every_text(gallery: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(screen, text) for screen, texts in gallery["texts"].items() for text in texts]


def test_no_screen_gives_a_warning(gallery: dict[str, Any]) -> None:
    assert gallery["warnings"] == []
    assert all(gallery["texts"].values())


def test_no_text_is_too_small(gallery: dict[str, Any]) -> None:
    assert [(screen, text["text"]) for screen, text in every_text(gallery) if text["px"] < SMALLEST_PX] == []


def test_no_text_is_cut_off(gallery: dict[str, Any]) -> None:
    assert [(screen, text["text"]) for screen, text in every_text(gallery) if text["cut"]] == []


def test_no_text_leaves_the_window(gallery: dict[str, Any]) -> None:
    width, height = gallery["width"], gallery["height"]
    assert [
        (screen, text["text"])
        for screen, text in every_text(gallery)
        if text["left"] < 0 or text["top"] < 0 or text["right"] > width + 1 or text["bottom"] > height + 1
    ] == []
