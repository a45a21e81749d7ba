import os
import socket
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from loco_kiosk.client.taps import Taps
from loco_kiosk.client.vr_messages import (
    Focus,
    FromVr,
    Leave,
    Pointer,
    Pointers,
    SoundState,
    Statistics,
    Status,
    to_line,
)
from loco_kiosk.media.mixer import Mixer
from loco_kiosk.media.thread import MediaThread
from loco_kiosk.ui.vr_bridge import VrBridge
from tests.loco_kiosk.ui._synthetic import all_live

HAND = Pointer("left", "instance-0", 0.5, 0.5, pressed=True)


class Headset:
    """The other end, as the program has it after it was started."""

    def __init__(self, bridge: VrBridge) -> None:
        descriptor, memory = bridge.open()
        self.socket = socket.socket(fileno=os.dup(descriptor))
        self.socket.settimeout(10)
        self.memory = os.dup(memory)
        self._received = b""

    def say(self, message: FromVr) -> None:
        self.socket.sendall(to_line(message))

    def hear(self, word: bytes) -> bytes:
        """The first line with this word."""
        while True:
            whole = self._received[: self._received.rfind(b"\n") + 1].splitlines()
            for line in whole:
                if word in line:
                    return line
            self._received += self.socket.recv(65536)

    def close(self) -> None:
        self.socket.close()
        os.close(self.memory)


@pytest.fixture
def bridge(qtbot: QtBot) -> Iterator[VrBridge]:
    media = MediaThread()
    media.start()
    made = VrBridge(media, Taps(), Mixer(), lambda: None)
    yield made
    made.close()
    assert media.stop()


@pytest.fixture
def headset(bridge: VrBridge) -> Iterator[Headset]:
    made = Headset(bridge)
    bridge.run()
    yield made
    made.close()


def test_what_is_known_here_reaches_the_headset(bridge: VrBridge, headset: Headset) -> None:
    bridge.show_tiles(all_live())
    bridge.show_notice("The backend does not answer.")
    bridge.focus_on("instance-3")
    bridge.set_sound(SoundState(0.5, muted=True))
    assert headset.hear(b"instance-8").count(b"slot") == 9
    headset.hear(b"The backend does not answer.")
    headset.hear(b'"id":"instance-3"')
    headset.hear(b'"volume":0.5,"muted":true')


@pytest.mark.parametrize(
    "message", [Focus("instance-1"), SoundState(0.25), Status("worn"), Statistics({"fps": 60.0}), Leave()]
)
def test_what_the_window_must_follow_comes_by_signal(
    bridge: VrBridge, headset: Headset, qtbot: QtBot, message: FromVr
) -> None:
    with qtbot.waitSignal(bridge.heard, timeout=10_000) as heard:
        headset.say(message)
    assert heard.args == [message]


def test_of_pointers_the_newest_wins_and_one_signal_does(bridge: VrBridge, headset: Headset, qtbot: QtBot) -> None:
    told: list[None] = []
    bridge.pointed.connect(lambda: told.append(None))
    for _ in range(20):
        headset.say(Pointers(()))
    headset.say(Pointers((HAND,)))
    with qtbot.waitSignal(bridge.heard, timeout=10_000):
        headset.say(Status("worn"))
    assert bridge.take_pointers() == (HAND,)
    assert bridge.take_pointers() is None
    assert len(told) == 1


def test_told_to_stop_the_headset_hears_why_and_then_the_end(bridge: VrBridge, headset: Headset) -> None:
    headset.hear(b'"wall"')
    bridge.stop("The museum closes.")
    headset.hear(b"The museum closes.")
    bridge.close()
    while headset.socket.recv(65536):
        pass


def test_a_run_that_never_began_leaves_no_descriptor(bridge: VrBridge) -> None:
    before = len(os.listdir("/proc/self/fd"))
    bridge.open()
    bridge.close()
    assert len(os.listdir("/proc/self/fd")) == before


def test_one_run_follows_another(bridge: VrBridge, headset: Headset) -> None:
    bridge.close()
    again = Headset(bridge)
    bridge.run()
    bridge.focus_on("instance-2")
    again.hear(b"instance-2")
    again.close()
