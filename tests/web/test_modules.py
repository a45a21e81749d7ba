"""The page's modules by themselves, run by the browser that the page runs in."""

from collections.abc import Iterator
from typing import Any

import pytest

from backend.contract.input import Button, InputMessage, Key, MoveBy, MoveTo, ReleaseAll, Wheel, decode, encode
from backend.contract.keys import BY_CODE
from backend.contract.version import PROTOCOL_VERSION
from tests.web.browser import Browser
from tests.web.scripted_backend import ScriptedBackend, snapshot

READY = {"state": "ready", "reason": ""}
LIVE = {"connected": True, "error": "", "retryMs": 0, "hasPicture": True, "isOld": False, "silentMs": 0, "behindMs": 0}


@pytest.fixture(scope="module")
def modules(chromium: Browser) -> Iterator[Browser]:
    """A page that nobody talks to."""
    with ScriptedBackend(snapshot()) as backend:
        chromium.open(backend.url)
        yield chromium
        chromium.driver.get("about:blank")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("key(7, 'KeyA', true)", Key(7, "KeyA", True)),
        ("key(4294967295, 'ControlRight', false)", Key(0xFFFF_FFFF, "ControlRight", False)),
        ("releaseAll(8)", ReleaseAll(8)),
        ("button(9, 2, true, {x: 65535, y: 1})", Button(9, 2, True, (65_535, 1))),
        ("button(9, 0, false, null)", Button(9, 0, False)),
        ("wheel(10, -3, 127)", Wheel(10, -3, 127)),
        ("moveTo(11, {x: 0, y: 65535})", MoveTo(11, 0, 65_535)),
        ("moveBy(12, {x: -2147483648, y: 2147483647})", MoveBy(12, -(2**31), 2**31 - 1)),
    ],
)
def test_input_is_written_as_the_streamer_reads_it(modules: Browser, call: str, message: InputMessage) -> None:
    written = bytes(modules.module("wire", f"return [...new Uint8Array(module.{call})];"))
    assert written == encode(message)
    assert decode(written) == message


def test_the_page_speaks_the_protocol_of_its_backend(modules: Browser) -> None:
    assert modules.module("wire", "return module.PROTOCOL_VERSION;") == PROTOCOL_VERSION


@pytest.mark.parametrize(
    ("instance", "session", "state"),
    [
        ({}, {}, "live"),
        ({"state": "degraded", "reason": "No sound."}, {}, "degraded"),
        ({"state": "terminating"}, {}, "leaving"),
        ({"state": "gone"}, {}, "leaving"),
        ({}, {"silentMs": 3000}, "stale"),
        ({}, {"behindMs": 1500}, "stale"),
        ({}, {"isOld": True}, "stale"),
        ({}, {"hasPicture": False}, "booting"),
        ({}, {"guest": {"state": "hung", "reason": ""}}, "stale"),
        ({}, {"guest": {"state": "paused", "reason": ""}}, "stale"),
        ({}, {"guest": {"state": "booting", "reason": ""}}, "booting"),
        ({}, {"guest": {"state": "restarting", "reason": ""}}, "reconnecting"),
        ({}, {"connected": False}, "reconnecting"),
        ({"state": "pending"}, {"connected": False}, "pending"),
        ({"state": "booting"}, {"connected": False}, "booting"),
        ({"state": "terminating"}, {"connected": False}, "gone"),
        ({"state": "lost"}, {"connected": False}, "lost"),
        ({"state": "gone"}, {"connected": False}, "gone"),
        ({"state": "of a newer backend"}, {"connected": False}, "reconnecting"),
    ],
)
def test_each_condition_has_its_state_with_a_word_and_a_reason(
    modules: Browser, instance: dict[str, Any], session: dict[str, Any], state: str
) -> None:
    body = "const c = module.condition(given[0], given[1]); return {...c, word: module.stateWord(c.state)};"
    found = modules.module("condition", body, READY | instance, LIVE | session)
    assert found["state"] == state
    assert found["word"]
    assert found["reason"] or state == "live"
    assert instance.get("reason", "") in found["reason"]


def test_what_passes_in_a_blink_is_not_shown(modules: Browser) -> None:
    body = """
      const steady = new module.Steady();
      return given[0].map(([state, at]) => steady.settle({state}, at).state);
    """
    seen = [["live", 0], ["booting", 10], ["live", 100], ["booting", 200], ["booting", 600], ["stale", 700]]
    assert modules.module("condition", body, seen) == ["live", "live", "live", "live", "booting", "stale"]


def test_the_clock_takes_the_shortest_round_trip_and_counts_over_the_wrap(modules: Browser) -> None:
    body = """
      const clock = new module.StreamerClock();
      const before = clock.ageMs(0, 0);
      clock.add({viewer_us: 1000000, streamer_us: 5000000, rtp_origin: 4294967000}, 1400);
      clock.add({viewer_us: 2000000, streamer_us: 6001000, rtp_origin: 4294967000}, 2002);
      const captured = (5900 * 90 + 4294967000) % 4294967296;
      return [before, clock.ageMs(captured, 2000)];
    """
    before, age_ms = modules.module("clock", body)
    assert before is None
    assert age_ms == pytest.approx(100, abs=0.1)


def test_typed_text_becomes_keys_that_there_are(modules: Browser) -> None:
    text = "".join(map(chr, range(32, 127))) + "\n"
    chords = modules.module("typing", "return [...given[0]].map(module.codesOf);", text)
    assert all(chords)
    assert {code for chord in chords for code in chord} <= set(BY_CODE)
    assert chords[text.index("A")] == ["ShiftLeft", "KeyA"]
    assert chords[text.index("?")] == ["ShiftLeft", "Slash"]
    assert modules.module("typing", "return module.codesOf('é');") == []


def test_a_finger_is_a_mouse(modules: Browser) -> None:
    body = """
      const seen = [];
      const touch = new module.Touch({
        move: (point, dx, dy) => seen.push(["move", point.x, dx]),
        button: (number, down) => seen.push([number, down]),
      });
      const at = (x) => ({x, y: 0});
      const take = () => seen.splice(0);
      touch.down(at(10), false); touch.move(at(15)); touch.up(at(15));
      const tap = take();
      touch.down(at(10), false); touch.move(at(40)); touch.up(at(50));
      const drag = take();
      touch.down(at(10), true); touch.move(at(40)); touch.cancel();
      return [tap, drag, take()];
    """
    tap, drag, pad = modules.module("touch", body)
    assert tap == [["move", 10, 0], [0, True], [0, False]]
    assert drag == [["move", 10, 0], [0, True], ["move", 40, 30], ["move", 50, 10], [0, False]]
    assert pad == [["move", 10, 0], ["move", 40, 30]]


def test_waiting_grows_and_is_never_in_step(modules: Browser) -> None:
    body = "const b = new module.Backoff(200, 3000); return Array.from({length: 20}, () => b.next());"
    waits = modules.module("backoff", body)
    assert 100 <= waits[0] <= 200
    assert all(1500 <= wait <= 3000 for wait in waits[5:])
    assert len(set(waits)) == len(waits)
