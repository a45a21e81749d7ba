"""The page in Chromium, a real backend, and two streamers of a moving test picture."""

import functools
import re
import signal
import urllib.request
from collections.abc import Iterator

import numpy as np
import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.web.browser import Browser
from tests.web.processes import Wall

FIRST, SECOND = "instance-0", "instance-1"
PROBE = (0, 448, 32, 32)
"""Area of the test picture that each key press turns from black to white or back."""


@pytest.fixture
def page(browser: Browser, wall: Wall) -> Browser:
    """Both machines are live."""
    browser.open(wall.url)
    browser.until(lambda: browser.state(FIRST) == browser.state(SECOND) == "live", what="both are live")
    return browser


@pytest.fixture
def large(page: Browser) -> Iterator[Browser]:
    """The first machine is large, and this page plays it."""
    page.find(f'[data-instance="{FIRST}"] .open').click()
    page.find("#control").click()
    page.until(lambda: "You play" in page.find("#panel-who").text, what="control")
    yield page
    page.driver.get("about:blank")


def lamp(browser: Browser) -> float:
    return float(np.mean(browser.pixels(FIRST, *PROBE)))


def test_pictures_are_decoded_and_shown(page: Browser) -> None:
    for instance in (FIRST, SECOND):
        before = page.pictures(instance)
        page.until(functools.partial(has_moved_on, page, instance, before + 15), what="pictures")
        assert np.std(page.pixels(instance, 0, 0, 640, 480)) > 10
    assert "video/H264" in {one["mimeType"] for one in page.statistics("codec")}
    assert page.find("#counts").text == "2 live"


def has_moved_on(browser: Browser, instance: str, pictures: int) -> bool:
    return browser.pictures(instance) >= pictures


def test_a_browser_that_hides_its_addresses_is_served_all_the_same(browser: Browser, wall: Wall) -> None:
    hide = """
      const Below = Object.getPrototypeOf(RTCPeerConnection); // The other one keeps them for tests.
      const real = Object.getOwnPropertyDescriptor(Below.prototype, "localDescription").get;
      const hidden = (sdp) => sdp.replace(/^(a=candidate:\\S+ \\S+ \\S+ \\S+) \\S+/gm, "$1 0b9d8a52-3c1f.local");
      Object.defineProperty(Below.prototype, "localDescription", {
        get() {
          const description = real.call(this);
          const sdp = hidden(description.sdp).replace(/(?=m=audio)/, "a=end-of-candidates\\r\\n");
          return { type: description.type, sdp };
        },
      });
      window.offers = [];
      const ask = window.fetch;
      window.fetch = (url, options) => (window.offers.push(options?.body ?? ""), ask(url, options));
    """
    browser.open(wall.url, before=hide)
    browser.until(lambda: browser.state(FIRST) == "live", 10, "live")
    offers = browser.run("return window.offers.filter((body) => body.startsWith('v=0'))")
    assert offers
    assert not [one for one in offers if "a=candidate" in one or "end-of-candidates" in one]


def test_a_click_makes_one_large_with_its_sound_and_the_browsers_way_back_leads_to_the_wall(page: Browser) -> None:
    assert all(page.run("return [...document.querySelectorAll('video')].map((video) => video.muted)"))
    page.find(f'[data-instance="{SECOND}"] .open').click()
    page.until(lambda: page.find("#panel").is_displayed())
    assert page.find("#panel-name").text == "PC 1"
    box = page.run(
        "const b = document.querySelector('.large video').getBoundingClientRect(); return [b.width, b.height]"
    )
    assert box[0] >= 900
    assert box[0] / box[1] == pytest.approx(4 / 3, abs=0.01)
    assert page.run("return document.querySelector('.large video').muted") is False
    page.until(
        lambda: any(one.get("audioLevel", 0) > 0.01 for one in page.statistics("audio")), what="a level of sound"
    )
    # The other one rests meanwhile.
    page.until(lambda: rests(page, FIRST), what="no pictures of what is covered")
    page.driver.back()
    page.until(lambda: not page.find("#panel").is_displayed())
    assert page.run("return [...document.querySelectorAll('video')].every((video) => video.muted)")
    page.until(lambda: page.state(FIRST) == "live", 5, "the wall is live again")
    before = page.pictures(FIRST)
    page.until(lambda: page.pictures(FIRST) > before + 5, what="pictures go on")


def test_the_streamer_hears_how_its_packets_arrive(page: Browser, wall: Wall) -> None:
    metrics = f"http://127.0.0.1:{wall.streamers[FIRST].port}/metrics"

    def round_trip_s() -> float:
        with urllib.request.urlopen(metrics, timeout=5) as answer:
            found = re.search(r"^loco_streamer_worst_round_trip_seconds (\S+)", answer.read().decode(), re.MULTILINE)
        return float(found[1]) if found else 0.0

    page.until(lambda: round_trip_s() > 0, 20, "a round trip by the browser's own reports")
    assert round_trip_s() < 1


def test_a_small_tile_gets_no_more_pixels_than_it_shows_and_the_large_one_all(page: Browser) -> None:
    width = "return document.querySelector('[data-instance=\"" + FIRST + "\"] video').videoWidth"
    page.run("document.getElementById('wall').style.width = '640px'")
    page.until(lambda: page.run(width) == 320, what="a picture of half the size")
    page.find(f'[data-instance="{FIRST}"] .open').click()
    large = "return document.querySelector('.large video').videoWidth"
    page.until(lambda: page.run(large) == 640, what="every pixel")


def rests(browser: Browser, instance: str) -> bool:
    before = browser.pictures(instance)
    seen = browser.pictures(SECOND if instance == FIRST else FIRST)
    other = SECOND if instance == FIRST else FIRST
    browser.until(lambda: browser.pictures(other) > seen + 8, what="the other one goes on")
    return browser.pictures(instance) == before


def test_keys_reach_the_guest_and_the_way_back_is_kept(large: Browser) -> None:
    before = lamp(large)
    large.find(".large .screen").send_keys("a")
    large.until(lambda: abs(lamp(large) - before) > 100, 5, "the lamp changes")
    # Not even Escape leaves a machine that one plays.
    lit = lamp(large)
    large.find(".large .screen").send_keys(Keys.ESCAPE)
    large.until(lambda: abs(lamp(large) - lit) > 100, 5, "Escape goes to the guest")
    assert large.find("#panel").is_displayed()
    large.find(".large .screen").send_keys(Keys.CONTROL, Keys.ALT, "g")
    large.until(lambda: not large.find("#panel").is_displayed(), 5, "back")
    holder = f'[data-instance="{FIRST}"] [data-part="holder"]'
    large.until(lambda: large.find(holder).text == "Free to play", 5, "control is free again")


def test_a_click_in_the_picture_reaches_the_guest(large: Browser) -> None:
    before = lamp(large)
    large.find(".large .picture").click()
    large.until(lambda: abs(lamp(large) - before) > 100, 5, "the lamp changes")


def test_who_only_watches_leaves_by_escape_and_disturbs_nobody(page: Browser) -> None:
    page.find(f'[data-instance="{FIRST}"] .open').click()
    before = lamp(page)
    page.find(".large .screen").send_keys("a")
    page.find(".large .screen").send_keys(Keys.ESCAPE)
    page.until(lambda: not page.find("#panel").is_displayed(), 5, "back")
    assert abs(lamp(page) - before) < 50
    assert page.find(f'[data-instance="{FIRST}"] [data-part="holder"]').text == "Free to play"


def test_two_pages_share_a_machine_one_plays_and_the_other_sees_who(large: Browser, wall: Wall) -> None:
    first = large.driver.current_window_handle
    large.run("localStorage.setItem('loco-viewer-name', 'Grace')")
    large.driver.switch_to.new_window("window")
    try:
        large.driver.get(f"{wall.url}/#{FIRST}")
        large.until(lambda: "plays. You watch." in large.find("#panel-who").text, what="the other holds control")
        assert not large.find("#control").is_enabled()
        large.driver.switch_to.window(first)
        large.find("#control").click()
        large.until(lambda: "Free to play" in large.find("#panel-who").text, what="given back")
        large.driver.switch_to.window(large.driver.window_handles[-1])
        large.until(lambda: large.find("#control").is_enabled(), what="free to take")
        large.find("#control").click()
        large.until(lambda: "You play" in large.find("#panel-who").text, what="taken")
        large.driver.switch_to.window(first)
        large.until(lambda: large.find("#panel-who").text == "Grace plays. You watch.", what="named")
    finally:
        large.driver.switch_to.window(large.driver.window_handles[-1])
        large.run("localStorage.clear()")
        large.driver.close()
        large.driver.switch_to.window(first)


def test_held_keys_go_up_when_the_page_loses_the_keyboard(large: Browser) -> None:
    script = """
      window.sent = [];
      const send = RTCDataChannel.prototype.send;
      RTCDataChannel.prototype.send = function (data) {
        if (this.label === "keys") window.sent.push([...new Uint8Array(data)]);
        return send.call(this, data);
      };
    """
    large.run(script)
    ActionChains(large.driver).move_to_element(large.find(".large .screen")).perform()
    large.run("document.querySelector('.large .screen').focus()")
    ActionChains(large.driver).key_down(Keys.SHIFT).perform()
    large.until(lambda: large.run("return window.sent.length") == 1, 5)
    large.run("window.dispatchEvent(new Event('blur'))")
    kinds = [message[0] for message in large.run("return window.sent")]
    ActionChains(large.driver).key_up(Keys.SHIFT).perform()
    assert kinds == [1, 2]


def test_a_killed_streamer_shows_and_comes_back(page: Browser, wall: Wall) -> None:
    streamer = wall.streamers[FIRST]
    streamer.kill()
    page.until(lambda: page.state(FIRST) in ("reconnecting", "lost"), 10, "it is told")
    message = page.find(f'[data-instance="{FIRST}"] .message')
    assert message.is_displayed()
    assert message.find_element(By.CSS_SELECTOR, '[data-part="reason"]').text
    assert page.state(SECOND) == "live"
    streamer.start()
    page.until(lambda: page.state(FIRST) == "live", 20, "it is back")
    before = page.pictures(FIRST)
    page.until(lambda: page.pictures(FIRST) > before + 5, 5, "pictures go on")


def test_a_streamer_that_stands_still_is_not_shown_as_live(page: Browser, wall: Wall) -> None:
    streamer = wall.streamers[FIRST]
    streamer.send(signal.SIGSTOP)
    try:
        page.until(lambda: page.state(FIRST) not in ("live", ""), 7, "the frozen picture is told")
        assert page.find(f'[data-instance="{FIRST}"] .message').is_displayed()
    finally:
        streamer.send(signal.SIGCONT)
    page.until(lambda: page.state(FIRST) == "live", 20, "it is back")


def test_machines_come_and_go_without_a_reload(page: Browser, wall: Wall) -> None:
    page.run("window.marker = 1")
    wall.add("instance-2")
    try:
        page.until(lambda: page.state("instance-2") == "live", 20, "the third is live")
        order = [tile.get_attribute("data-instance") for tile in page.find_all(".tile")]
        assert order == [FIRST, SECOND, "instance-2"]
    finally:
        wall.remove("instance-2")
    page.until(lambda: page.state("instance-2") in ("", "gone", "lost"), 10, "the third is gone")
    assert page.run("return window.marker") == 1
    assert page.state(FIRST) == "live"


def test_a_page_out_of_sight_takes_no_pictures(page: Browser) -> None:
    page.run(
        "Object.defineProperty(document, 'hidden', {configurable: true, get: () => true});"
        "document.dispatchEvent(new Event('visibilitychange'));"
    )
    page.until(lambda: stands(page), 10, "no more packets")
    page.run("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'));")
    page.until(lambda: not stands(page), 10, "packets again")
    page.until(lambda: page.state(FIRST) == "live", 5, "live again")


def stands(browser: Browser) -> bool:
    before, heard = packets(browser, "video"), packets(browser, "audio")
    browser.until(lambda: packets(browser, "audio") > heard + 20)
    return packets(browser, "video") == before


def packets(browser: Browser, kind: str) -> int:
    return sum(int(one["packetsReceived"]) for one in browser.statistics(kind))
