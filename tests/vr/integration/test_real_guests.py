"""Everything real: QEMU, streamer, backend, the VR program, its runtime and a controller in somebody's hand."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.conftest import Cluster
from tests.vr.integration.conftest import MACHINES
from tests.vr.monado import Monado, until
from tests.vr.remote_control import RemoteControl
from tests.vr.remote_state import Triple
from tests.vr.scenery import Usual, around, spot
from tests.vr.vr_process import VrProcess

pytestmark = [pytest.mark.qemu, pytest.mark.monado]

AWAY: Triple = (0.3, -2.0, -0.6)
CHANGED = 25.0
"""Of 255: far more than clouds, compression and scaling do."""


SKY = (0.2, 0.3)
"""Of a guest, by day; a card that stands in for its picture is dark there, beside its words."""


def light(monado: Monado, screen: int) -> float:
    """Of the sky of a guest: 0 to 255."""
    return float(around(monado.picture(), spot(MACHINES, screen, *SKY), "right", 12).mean())


def wait_for_pictures(monado: Monado) -> None:
    """Both guests show their land."""
    until(lambda: all(light(monado, screen) > 60 for screen in range(MACHINES)), 40.0, lambda: "a screen stays dark")


def click(remote: RemoteControl, at: Triple) -> None:
    """As people do: arrive, pull, let go, turn away."""
    remote.aim("right", at)
    time.sleep(1.0)  # the pointer arrives; this program tells nobody where it is
    remote.hold("right", trigger=1.0)
    time.sleep(0.5)  # longer than any frame: OpenXR tells states, and a press between two frames is none
    remote.hold("right", trigger=0.0)
    time.sleep(0.3)  # the pointer stands still for a moment
    remote.aim("right", AWAY)


@contextlib.contextmanager
def dead(streamer: int) -> Iterator[None]:
    """Kill a streamer and let none be born in its place: a new one is there sooner than slow pictures show it."""
    nursery = int(Path(f"/proc/{streamer}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(nursery, signal.SIGSTOP)
    try:
        os.kill(streamer, signal.SIGKILL)
        yield
    finally:
        os.kill(nursery, signal.SIGCONT)


def test_a_trigger_pulled_at_a_guest_changes_what_the_headset_shows_of_it(
    vr: VrProcess, monado: Monado, remote: RemoteControl
) -> None:
    wait_for_pictures(monado)
    click(remote, spot(MACHINES, 1, 0.5, 0.4))
    time.sleep(3.0)  # it comes near, and no picture says when it is there
    place = spot(MACHINES, 1, 0.3, 0.62, near=1)  # on the land: a flower grows there
    usual = Usual(monado, place)
    assert usual.excess() < CHANGED
    click(remote, place)
    until(lambda: usual.excess() > CHANGED, 5.0, lambda: f"nothing grew: {usual.excess()}")
    time.sleep(0.5)  # what stays is the flower, not a cursor
    assert usual.excess() > CHANGED


def test_the_wall_shows_a_machine_that_died_and_came_back(vr: VrProcess, monado: Monado, cluster: Cluster) -> None:
    wait_for_pictures(monado)
    with dead(cluster.pid_of("streamer", "instance-0")):
        until(lambda: light(monado, 0) < 40, 20.0, lambda: f"the headset does not show the loss: {vr.log[-2000:]}")
        assert light(monado, 1) > 60
    until(lambda: light(monado, 0) > 60, 40.0, lambda: f"the headset does not show the return: {vr.log[-2000:]}")
