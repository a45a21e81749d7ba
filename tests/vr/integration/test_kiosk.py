"""The real kiosk with the real program of the headset, on a real runtime."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.loco_kiosk.running_kiosk import Kiosk, Seen
from tests.loco_kiosk.xvfb import x_display
from tests.vr.monado import Monado
from tests.vr.remote_control import RemoteControl
from tests.vr.remote_state import Triple
from tests.vr.scenery import spot

pytestmark = [pytest.mark.monado, pytest.mark.gl, pytest.mark.timeout(150)]

AWAY: Triple = (0.3, -2.0, -0.6)
MACHINES = 2


@pytest.fixture
def kiosk(monado: Monado, remote: RemoteControl, tmp_path: Path) -> Iterator[Kiosk]:
    """Two live machines in the window; the hands hang down."""
    for side in ("left", "right"):
        remote.aim(side, AWAY)
    with x_display() as environment:
        kiosk = Kiosk(environment | monado.environment, tmp_path)
        try:
            kiosk.tell("vr real")
            kiosk.until(lambda seen: seen["phases"][:MACHINES] == ["live"] * MACHINES, 60)
            yield kiosk
        finally:
            code = kiosk.end()
        assert code == 0


def put_on(kiosk: Kiosk) -> Seen:
    kiosk.key("F5")
    return kiosk.until(lambda seen: seen["headset"]["phase"] == "worn", 30)


def test_the_wearers_hands_show_on_the_tiles_and_a_click_picks_the_machine(kiosk: Kiosk, remote: RemoteControl) -> None:
    put_on(kiosk)
    remote.aim("right", spot(MACHINES, 1, 0.25, 0.75))
    seen = kiosk.until(lambda seen: seen["headset"]["hands"]["right"][0] == 1)
    kiosk.until(lambda seen: abs(seen["headset"]["hands"]["right"][1] - 0.25) < 0.01)
    kiosk.until(lambda seen: abs(seen["headset"]["hands"]["right"][2] - 0.75) < 0.01)
    assert seen["picked"] == -1
    remote.hold("right", trigger=1.0)
    kiosk.until(lambda seen: seen["headset"]["hands"]["right"][3] and seen["picked"] == 1)
    remote.hold("right", trigger=0.0)
    seen = kiosk.until(lambda seen: not seen["headset"]["hands"]["right"][3] and len(seen["buttons"]) == 2)
    assert seen["buttons"] == [[0, True], [0, False]]
    remote.aim("right", AWAY)
    kiosk.until(lambda seen: seen["headset"]["hands"]["right"][0] == -1)


def test_leaving_by_the_window_ends_the_program_within_a_second(kiosk: Kiosk) -> None:
    pid = put_on(kiosk)["headset"]["pid"]
    kiosk.key("F5")
    kiosk.until(lambda seen: seen["headset"]["phase"] == "off", 2.0)
    assert not Path(f"/proc/{pid}").exists()


def test_a_runtime_that_dies_is_told_within_a_second_and_its_return_brings_the_wall_back(
    kiosk: Kiosk, monado: Monado
) -> None:
    put_on(kiosk)
    monado.kill()
    kiosk.until(lambda seen: seen["headset"]["phase"] == "lost", 1.0)
    # The window goes on; on a busy machine a picture may be late just now.
    kiosk.until(lambda seen: seen["phases"][:MACHINES] == ["live"] * MACHINES)
    monado.start()
    kiosk.until(lambda seen: seen["headset"]["phase"] == "worn", 30)


def test_a_service_that_does_not_run_is_told_and_trying_again_helps(kiosk: Kiosk, monado: Monado) -> None:
    monado.stop()
    kiosk.key("F5")
    seen = kiosk.until(lambda seen: seen["headset"]["phase"] == "service_down" and not seen["headset"]["running"], 20)
    assert "service" in seen["headset"]["sentence"]
    monado.start()
    put_on(kiosk)


def test_a_program_that_crashes_takes_nothing_along(kiosk: Kiosk, monado: Monado) -> None:
    pid = put_on(kiosk)["headset"]["pid"]
    begun = time.monotonic()
    os.kill(pid, 11)
    kiosk.until(lambda seen: seen["headset"]["phase"] == "failed", 1.0)
    assert time.monotonic() - begun < 1.0
    monado.restart()  # after a program that crashed in a frame Monado 25 now and then answers nobody any more
    assert put_on(kiosk)["complaints"][0].startswith("VR: VR ended with signal 11")
