import subprocess
import sys
from pathlib import Path

import pytest

from loco_kiosk.launch.display import DisplayError, require_display
from tests.loco_kiosk.xvfb import x_display

ROOT = Path(__file__).parents[3]


def test_no_display_is_told_with_what_to_do() -> None:
    with pytest.raises(DisplayError, match="xvfb-run"):
        require_display({}, "linux")


@pytest.mark.parametrize(
    "environment",
    [
        {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":4242"},
        {"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":4242"},
        {"QT_QPA_PLATFORM": "vnc:size=1280x720"},
    ],
)
def test_where_qt_needs_no_x_server_none_is_asked_for(environment: dict[str, str]) -> None:
    require_display(environment, "linux")


def test_other_systems_have_their_screen_without_a_variable() -> None:
    require_display({}, "win32")


@pytest.mark.parametrize(
    ("display", "words"), [(":4242", "nothing answers"), ("no display", "no name of a display"), ("", "cannot be used")]
)
def test_a_display_that_cannot_be_reached_is_told(display: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(DisplayError, match=words):
        require_display({"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}, "linux")


def test_a_display_that_answers_is_taken() -> None:
    with x_display() as environment:
        require_display(environment, "linux")


def test_the_program_ends_with_one_sentence_where_its_display_is_missing() -> None:
    command = [sys.executable, "-m", "loco_kiosk"]
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "DISPLAY": ":4242"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("loco-kiosk: The display ':4242' cannot be used: nothing answers there")
