"""The whole kiosk with a stand-in for the program of the headset."""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.loco_kiosk.running_kiosk import Kiosk
from tests.loco_kiosk.xvfb import x_display

pytestmark = [pytest.mark.gl, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiosk]:
    with x_display() as environment:
        kiosk = Kiosk(environment, tmp_path_factory.mktemp("kiosk"))
        try:
            kiosk.until(lambda seen: seen["phases"][:2] == ["live", "live"], 60)
            yield kiosk
        finally:
            code = kiosk.end()
        assert code == 0


@pytest.fixture
def kiosk(running: Kiosk) -> Kiosk:
    running.tell("reset")
    running.until(lambda seen: seen["phases"][:2] == ["live", "live"] and not seen["headset"]["running"], 30)
    return running


def vr_log(kiosk: Kiosk) -> list[dict[str, Any]]:
    """What the headset's program was told, of all runs."""
    lines = (kiosk.file.parent / "loco-kiosk" / "vr.log").read_text().splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def vr_hears(kiosk: Kiosk, **message: object) -> None:
    deadline = time.monotonic() + 10
    while message not in vr_log(kiosk):
        assert time.monotonic() < deadline, f"{message} is not in {vr_log(kiosk)[-5:]}"
        time.sleep(0.02)


def test_window_and_headset_are_in_step_both_ways(kiosk: Kiosk) -> None:
    volume = kiosk.tell()["volume"]
    kiosk.tell("vr play")
    kiosk.key("F5")
    seen = kiosk.until(lambda seen: seen["headset"]["phase"] == "worn" and seen["picked"] == 1 and seen["volume"] == 25)
    assert not seen["headset"]["loudspeakers"]
    kiosk.until(lambda seen: seen["headset"]["hands"] == {"left": [-1, 0, 0, False], "right": [1, 0.5, 0.25, True]})
    vr_hears(kiosk, type="sound", volume=volume / 100, muted=False, mono=False)
    roster = next(message for message in vr_log(kiosk) if message["type"] == "wall")
    assert [screen["id"] for screen in roster["screens"][:2]] == ["instance-0", "instance-1"]
    kiosk.key("1")
    vr_hears(kiosk, type="focus", id="instance-0")
    kiosk.key("m")
    vr_hears(kiosk, type="sound", volume=0.25, muted=True, mono=False)
    kiosk.key("m", "F5")
    seen = kiosk.until(lambda seen: not seen["headset"]["running"])
    assert (seen["headset"]["phase"], seen["headset"]["loudspeakers"]) == ("off", True)
    assert seen["headset"]["hands"]["right"][0] == -1
    assert vr_log(kiosk)[-1] == {"type": "stop", "reason": ""}
    assert seen["complaints"] == []


def test_the_button_opens_it_and_tells_more_and_the_strip_leaves_it(kiosk: Kiosk) -> None:
    kiosk.tell("vr play")
    tap(kiosk, "vrButton")
    kiosk.until(lambda seen: seen["headset"]["phase"] == "worn" and not seen["headset"]["open"])
    tap(kiosk, "vrButton")
    kiosk.until(lambda seen: seen["headset"]["open"])
    tap(kiosk, "vrAction")
    kiosk.until(lambda seen: seen["headset"]["phase"] == "off")


def tap(kiosk: Kiosk, name: str) -> None:
    x, y = kiosk.tell()["headset"]["spots"][name]
    kiosk.hands("mousemove", str(x), str(y), "click", "1")


@pytest.mark.parametrize(
    ("mode", "phase", "words"),
    [
        ("3", "no_runtime", "No OpenXR runtime is chosen on this machine."),
        ("4", "service_down", "its service does not run"),
        ("5", "no_headset", "The runtime sees no headset."),
        ("crash", "failed", "signal 11"),
    ],
)
def test_whatever_becomes_of_the_headset_the_window_goes_on_and_says_it(
    kiosk: Kiosk, mode: str, phase: str, words: str
) -> None:
    kiosk.tell(f"vr {mode}")
    kiosk.key("F5")
    headset = kiosk.until(lambda seen: seen["headset"]["phase"] == phase)["headset"]
    assert words in headset["sentence"]
    assert (headset["running"], headset["open"]) == (False, True)
    kiosk.tell("vr play")
    kiosk.key("F5")
    seen = kiosk.until(lambda seen: seen["headset"]["phase"] == "worn")
    assert seen["phases"][:2] == ["live", "live"]
    kiosk.key("F5")
    kiosk.until(lambda seen: seen["headset"]["phase"] == "off")


def test_a_program_of_the_headset_that_is_killed_is_noticed_within_a_second(kiosk: Kiosk) -> None:
    kiosk.tell("vr play")
    kiosk.key("F5")
    pid = kiosk.until(lambda seen: seen["headset"]["phase"] == "worn")["headset"]["pid"]
    os.kill(pid, signal.SIGKILL)
    headset = kiosk.until(lambda seen: seen["headset"]["phase"] == "failed", 1.0)["headset"]
    assert "signal 9" in headset["sentence"]
    assert headset["loudspeakers"]


def test_the_wearer_may_take_it_off_and_may_leave(kiosk: Kiosk) -> None:
    kiosk.tell("vr take-off")
    kiosk.key("F5")
    headset = kiosk.until(lambda seen: seen["headset"]["phase"] == "taken_off")["headset"]
    assert (headset["loudspeakers"], headset["sentence"]) == (True, "Put it on again.")
    kiosk.key("F5")
    kiosk.until(lambda seen: seen["headset"]["phase"] == "off")
    kiosk.tell("vr leave")
    kiosk.key("F5")
    seen = kiosk.until(lambda seen: seen["headset"]["phase"] == "off" and seen["notice"])
    assert seen["notice"] == "The wearer left VR."


def test_a_headset_without_sound_leaves_it_to_the_loudspeakers(kiosk: Kiosk) -> None:
    kiosk.tell("vr silent")
    kiosk.key("F5")
    kiosk.until(lambda seen: seen["headset"]["phase"] == "worn" and seen["headset"]["loudspeakers"])
    kiosk.key("F5")
    kiosk.until(lambda seen: seen["headset"]["phase"] == "off")


def test_who_changes_their_mind_at_once_is_not_left_with_a_headset(kiosk: Kiosk) -> None:
    kiosk.tell("vr play")
    kiosk.tell("call controller.command vr")
    kiosk.tell("call controller.command vr")
    kiosk.until(lambda seen: seen["headset"]["phase"] == "off" and not seen["headset"]["running"])
    kiosk.tell("call controller.command vr")
    kiosk.until(lambda seen: seen["headset"]["phase"] == "worn")
    kiosk.tell("call controller.command vr")
    kiosk.until(lambda seen: seen["headset"]["phase"] == "off")


def test_over_a_zoomed_machine_the_headset_is_told_as_a_notice(kiosk: Kiosk) -> None:
    kiosk.tell("vr 5")
    kiosk.key("1", "Return")
    kiosk.until(lambda seen: seen["zoomed"])
    kiosk.key("ctrl+alt+v")
    kiosk.until(lambda seen: "The runtime sees no headset." in seen["notice"])


def test_a_kiosk_for_the_headset_opens_it_at_once_and_ends_it_with_itself(tmp_path: Path) -> None:
    with x_display() as environment:
        kiosk = Kiosk(environment, tmp_path, "vr = true\nvr_loudspeakers = true")
        try:
            headset = kiosk.until(lambda seen: seen["headset"]["phase"] == "worn", 60)["headset"]
            assert headset["loudspeakers"]
        finally:
            assert kiosk.end() == 0
        assert not Path(f"/proc/{headset['pid']}").exists()


def test_a_kiosk_for_the_headset_tries_again_by_itself(tmp_path: Path) -> None:
    with x_display() as environment:
        kiosk = Kiosk(environment, tmp_path, "vr = true")
        try:
            pid = kiosk.until(lambda seen: seen["headset"]["phase"] == "worn", 60)["headset"]["pid"]
            os.kill(pid, signal.SIGKILL)
            headset = kiosk.until(lambda seen: seen["headset"]["phase"] == "failed")["headset"]
            assert "tried again in 10 s" in headset["sentence"]
            kiosk.until(lambda seen: seen["headset"]["phase"] == "worn", 15)
        finally:
            assert kiosk.end() == 0


def test_a_visitor_who_took_it_off_and_went_away_leaves_no_headset_running(tmp_path: Path) -> None:
    with x_display() as environment:
        kiosk = Kiosk(environment, tmp_path, "idle_return_s = 3.0")
        try:
            kiosk.until(lambda seen: seen["phases"][:2] == ["live", "live"], 60)
            kiosk.tell("vr play")
            kiosk.key("F5")
            kiosk.until(lambda seen: seen["headset"]["phase"] == "worn")
            begun = time.monotonic()
            while time.monotonic() - begun < 4.0:
                assert kiosk.tell()["headset"]["phase"] == "worn"
            kiosk.key("F5")
            kiosk.until(lambda seen: seen["headset"]["phase"] == "off")
            kiosk.tell("vr take-off")
            kiosk.key("F5")
            kiosk.until(lambda seen: seen["headset"]["phase"] == "taken_off")
            kiosk.until(lambda seen: seen["headset"]["phase"] == "off")
        finally:
            assert kiosk.end() == 0
