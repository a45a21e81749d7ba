import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from loco_kiosk.launch.screen_blanking import ScreenBlanking, XServer, of_this_desktop
from tests.loco_kiosk.xvfb import x_display

SERVICE = Path(__file__).with_name("screen_saver_service.py")
HOLDER = """
from PySide6.QtCore import QCoreApplication
from loco_kiosk.launch.screen_blanking import ScreenSaverService
application = QCoreApplication([])
service = ScreenSaverService()
print("held", service.hold(), flush=True)
service.release()
"""
TIMEOUTS = """
from loco_kiosk.launch.screen_blanking import XServer, _Display
def tell():
    with _Display() as display:
        print(display.saver().timeout_s)
server = XServer()
tell()
assert server.hold()
tell()
server.release()
tell()
"""


class Pretender:
    def __init__(self, works: bool) -> None:
        self.works, self.held = works, False

    def hold(self) -> bool:
        self.held = self.works
        return self.works

    def release(self) -> None:
        self.held = False


def test_what_works_is_held_and_given_back() -> None:
    good, bad = Pretender(True), Pretender(False)
    blanking = ScreenBlanking((bad, good))
    assert blanking.prevent()
    assert good.held
    blanking.restore()
    blanking.restore()
    assert not good.held


def test_it_says_when_no_way_works(caplog: pytest.LogCaptureFixture) -> None:
    assert not ScreenBlanking((Pretender(False),)).prevent()
    assert "switch blanking off in the system's own settings" in caplog.text


def on_a_session_bus(script: str) -> str:
    command = ["dbus-run-session", "--", "sh", "-c", script]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


def test_the_desktops_screen_saver_is_held_as_long_as_we_want() -> None:
    python, holder = shlex.quote(sys.executable), shlex.quote(HOLDER)
    script = f"""
set -e
directory=$(mktemp -d); mkfifo "$directory/said"
{python} {SERVICE} > "$directory/said" & service=$!
exec 3< "$directory/said"
read -r line <&3; echo "$line"
{python} -c {holder}
read -r line <&3; echo "$line"
read -r line <&3; echo "$line"
kill $service; rm -r "$directory"
"""
    said = on_a_session_bus(script).splitlines()
    assert said[0] == "ready"
    assert said[1] == "held True"
    assert said[2].startswith("Inhibit|Loco Kiosk|")
    assert said[3] == "gone"


def test_a_session_without_a_screen_saver_holds_nothing() -> None:
    assert on_a_session_bus(f"{shlex.quote(sys.executable)} -c {shlex.quote(HOLDER)}").strip() == "held False"


@pytest.mark.gl
@pytest.mark.timeout(60)
def test_the_x_server_is_held_and_gets_back_what_it_had() -> None:
    with x_display() as environment:
        command = [sys.executable, "-c", TIMEOUTS]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=50, check=True)
    before, held, after = done.stdout.split()
    assert int(before) > 0
    assert (int(held), after) == (0, before)


def test_without_a_display_the_x_server_is_no_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":4093")
    server = XServer()
    assert not server.hold()
    server.release()


def test_without_its_libraries_the_x_server_is_no_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr("ctypes.CDLL", missing)
    assert not XServer().hold()


def test_a_session_offers_what_it_has() -> None:
    assert len(of_this_desktop({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/x"}, "xcb")._inhibitors) == 2
    assert not of_this_desktop({}, "wayland")._inhibitors
