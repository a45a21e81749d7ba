"""The real way of keys and mouse: X server, window manager, Qt, filter, router."""

import contextlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.loco_kiosk.xvfb import x_display

ROOT = Path(__file__).parents[3]
PROGRAM = "tests.loco_kiosk.ui.typing_window"
pytestmark = [pytest.mark.gl, pytest.mark.timeout(60)]


class Typist:
    """Presses keys on the display and reads what reached the guest."""

    def __init__(self, environment: dict[str, str], window: subprocess.Popen[str]) -> None:
        self._environment = environment
        self._window = window

    def do(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self._environment, check=True, timeout=20)

    def line(self) -> str:
        assert self._window.stdout is not None
        return self._window.stdout.readline().strip()

    def keys(self, count: int) -> list[tuple[str, bool]]:
        found: list[tuple[str, bool]] = []
        while len(found) < count:
            line = self.line()
            assert line, "the window ended"
            if match := re.match(r"Key\(sequence=\d+, code='(\w+)', down=(\w+)\)", line):
                found.append((match[1], match[2] == "True"))
        return found


@contextlib.contextmanager
def typist(mode: str) -> Iterator[Typist]:
    with x_display() as environment:
        window = subprocess.Popen(
            [sys.executable, "-m", PROGRAM, mode], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        try:
            person = Typist(environment, window)
            assert person.line() == "ready"
            yield person
        finally:
            window.kill()
            window.communicate()


def test_keys_reach_the_guest_by_their_place_even_those_of_the_window_manager() -> None:
    expected = {
        "a": ["KeyA"], "Left": ["ArrowLeft"], "F11": ["F11"], "Super_L": ["MetaLeft"], "105": ["ControlRight"],
        "alt+Tab": ["AltLeft", "Tab"], "shift+2": ["ShiftLeft", "Digit2"], "KP_Enter": ["NumpadEnter"],
    }  # fmt: skip
    with typist("absolute") as person:
        for words, codes in expected.items():
            person.do("key", words)
            moved = person.keys(2 * len(codes))
            assert moved[: len(codes)] == [(code, True) for code in codes]
            assert sorted(moved[len(codes) :]) == sorted((code, False) for code in codes)


def test_the_hotkey_works_through_the_grab_and_releases_the_guest() -> None:
    with typist("absolute") as person:
        person.do("key", "ctrl+alt+g")
        assert person.keys(2) == [("ControlLeft", True), ("AltLeft", True)]
        assert person.line().startswith("ReleaseAll")
        assert person.line() == "command grid"


def test_a_captured_mouse_moves_on_and_on_without_meeting_an_edge() -> None:
    with typist("relative") as person:
        for _ in range(40):
            person.do("mousemove_relative", "--", "60", "0")
        person.do("key", "a")
        x = y = 0
        while not (line := person.line()).startswith("Key("):
            if match := re.match(r"MoveBy\(sequence=\d+, x=(-?\d+), y=(-?\d+)\)", line):
                x, y = int(match[1]), int(match[2])
        assert 2300 <= x <= 2400, "40 movements of 60 are twice the screen's width"
        assert abs(y) <= 2
