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


def wait_for_pictures(monado: Monado) -> None:
    """Both guests show their land, which is lighter than any placeholder."""

    def lit(screen: int) -> bool:
        return float(around(monado.picture(), spot(MACHINES, screen, 0.5, 0.4), "right", 12).mean()) > 60

    until(lambda: all(map(lit, range(MACHINES))), 40.0, lambda: "a screen stays dark")


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
    place = spot(MACHINES, 0, 0.5, 0.4)
    usual = Usual(monado, place, seconds=1.0)
    with dead(cluster.pid_of("streamer", "instance-0")):
        until(lambda: usual.excess() > CHANGED, 20.0, lambda: "the headset does not show the loss")
    until(lambda: usual.excess() < CHANGED, 40.0, lambda: "the headset does not show the return")
