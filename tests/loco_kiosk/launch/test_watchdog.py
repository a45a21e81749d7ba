import dataclasses
import os
import socket
from pathlib import Path

import pytest

from loco_kiosk.launch.watchdog import DEFAULT_PERIOD_S, Notifier, Pulse, Watchdog, starved

SECOND = 1_000_000


class Recorder(Notifier):
    def __init__(self) -> None:
        super().__init__({})
        self.sent: list[str] = []

    def send(self, *assignments: str) -> None:
        self.sent += assignments


def pulse(now: float, swapped: float, media: float, exposed: bool = True) -> Pulse:
    return Pulse(int(now * SECOND), int(swapped * SECOND), int(media * SECOND), exposed)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (pulse(100, 99, 99), ""),
        (pulse(100, 95, 95), ""),
        (pulse(100, 90, 99), "no picture was swapped for 10 s"),
        (pulse(100, 99, 80), "the media thread gave no sign of life for 20 s"),
        (pulse(100, 90, 99, exposed=False), ""),
    ],
)
def test_only_a_kiosk_that_swaps_and_beats_is_alive(given: Pulse, told: str) -> None:
    assert starved(given) == told


def test_nothing_is_said_before_the_first_picture() -> None:
    notifier = Recorder()
    Watchdog(notifier).beat(pulse(100, 0, 99))
    assert notifier.sent == []


def test_ready_is_said_once_then_it_is_fed() -> None:
    notifier = Recorder()
    watchdog = Watchdog(notifier)
    watchdog.beat(pulse(100, 99, 99))
    watchdog.beat(pulse(103, 102, 102))
    assert notifier.sent == ["READY=1", "WATCHDOG=1", "WATCHDOG=1"]


def test_a_frozen_picture_starves_it_and_a_moving_one_feeds_it_again(caplog: pytest.LogCaptureFixture) -> None:
    notifier = Recorder()
    watchdog = Watchdog(notifier)
    for now, swapped in ((100, 99), (106, 99), (109, 99), (112, 111)):
        watchdog.beat(pulse(now, swapped, now))
    assert [line for line in notifier.sent if line != "READY=1"] == [
        "WATCHDOG=1",
        "STATUS=no picture was swapped for 7 s",
        "STATUS=showing pictures",
        "WATCHDOG=1",
    ]
    assert caplog.text.count("not fed any more") == 1


@pytest.mark.parametrize("abstract", [False, True])
def test_the_service_manager_hears_us(tmp_path: Path, abstract: bool) -> None:
    name = f"{tmp_path}/notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind("\0" + name if abstract else name)
        manager.settimeout(5)
        notifier = Notifier({"NOTIFY_SOCKET": ("@" if abstract else "") + name})
        assert notifier.active
        notifier.send("READY=1", "STATUS=up")
        assert manager.recv(100) == b"READY=1\nSTATUS=up"


def test_a_lost_service_manager_is_logged_and_no_harm(caplog: pytest.LogCaptureFixture) -> None:
    Notifier({"NOTIFY_SOCKET": "/nowhere/notify"}).send("WATCHDOG=1")
    assert "/nowhere/notify" in caplog.text


@pytest.mark.timeout(20)
def test_a_service_manager_that_does_not_listen_freezes_nobody(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        notifier = Notifier({"NOTIFY_SOCKET": str(tmp_path / "notify")})
        for _ in range(2000):
            notifier.send("WATCHDOG=1" * 100)


def test_without_a_service_manager_nothing_happens() -> None:
    notifier = Notifier({})
    notifier.send("READY=1")
    assert not notifier.active


@pytest.mark.parametrize(("text", "period_s"), [("9000000", 3.0), ("", DEFAULT_PERIOD_S), ("x", DEFAULT_PERIOD_S)])
def test_it_beats_three_times_within_the_managers_patience(text: str, period_s: float) -> None:
    assert Notifier({"WATCHDOG_USEC": text}).period_s == period_s


def flowing(now: float, presented: int, *, arriving: bool = True, exposed: bool = True) -> Pulse:
    return dataclasses.replace(pulse(now, now, now, exposed), arriving=arriving, presented=presented)


@pytest.mark.parametrize(
    ("pulses", "fed"),
    [
        ([flowing(at, at * 30) for at in range(100, 115, 3)], 5),
        ([flowing(at, 77) for at in range(100, 115, 3)], 2),
        ([flowing(at, 77, arriving=False) for at in range(100, 115, 3)], 5),
        ([flowing(at, 77, exposed=False) for at in range(100, 115, 3)], 5),
        ([flowing(100, 1), flowing(103, 1), flowing(106, 1), flowing(109, 2), flowing(112, 2)], 4),
    ],
    ids=["shown", "arriving but not shown", "still", "hidden", "shown again"],
)
def test_a_window_that_swaps_without_the_pictures_that_arrive_starves_it(pulses: list[Pulse], fed: int) -> None:
    notifier = Recorder()
    watchdog = Watchdog(notifier)
    for each in pulses:
        watchdog.beat(each)
    assert notifier.sent.count("WATCHDOG=1") == fed


def test_the_end_is_announced() -> None:
    notifier = Recorder()
    Watchdog(notifier).stop()
    assert notifier.sent[0] == "STOPPING=1"


@pytest.mark.parametrize(("pid", "fed"), [("", True), (str(os.getpid()), True), ("1", False)])
def test_only_the_process_that_is_watched_feeds_the_watchdog(pid: str, fed: bool) -> None:
    class Watched(Recorder):
        def __init__(self) -> None:
            super().__init__()
            Notifier.__init__(self, {"WATCHDOG_PID": pid})

    notifier = Watched()
    Watchdog(notifier).beat(pulse(100, 99, 99))
    assert ("WATCHDOG=1" in notifier.sent) is fed
    assert "READY=1" in notifier.sent
