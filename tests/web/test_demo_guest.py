"""Two demo guests in a real QEMU, played from Chromium: one takes positions of the mouse, one movements."""

import functools
from collections.abc import Iterator

import numpy as np
import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.web.browser import Browser
from tests.web.processes import Backend

pytestmark = pytest.mark.qemu

GUEST, RELATIVE = "instance-0", "instance-1"
LAMP = (16, 16, 64, 48)


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    directory = tmp_path_factory.mktemp("local")
    config = directory / "loco.toml"
    config.write_text(f'[guest.{RELATIVE}]\npointer = "relative"\n')
    arguments = ["--local", "2", "--state-directory", str(directory / "state"), "--config", str(config)]
    backend = Backend(arguments, directory / "backend.log")
    yield backend
    backend.stop()


@pytest.fixture
def page(browser: Browser, backend: Backend) -> Iterator[Browser]:
    browser.open(backend.url)
    browser.until(lambda: browser.state(GUEST) == browser.state(RELATIVE) == "live", 60, "the guests are live")
    yield browser
    browser.driver.get("about:blank")


@pytest.fixture
def playing(page: Browser) -> Browser:
    play(page, GUEST)
    return page


def play(browser: Browser, guest: str) -> None:
    browser.find(f'[data-instance="{guest}"] .open').click()
    browser.find("#control").click()
    browser.until(lambda: "You play" in browser.find("#panel-who").text, what="control")


def is_lit(browser: Browser) -> bool:
    """Whether the lamp is yellow; half drawn it is neither."""
    return float(np.mean(browser.pixels(GUEST, *LAMP))) > 150


def has_toggled(browser: Browser, before: bool) -> bool:
    return is_lit(browser) is not before


def test_a_key_lights_the_lamp_and_a_still_screen_stays_live(playing: Browser) -> None:
    screen = playing.find(".large .screen")
    for _ in range(2):
        before = is_lit(playing)
        screen.send_keys("x")
        playing.until(functools.partial(has_toggled, playing, before), 10, "the lamp changes")
    screen.send_keys("s")
    playing.until(lambda: "still picture" in playing.find("#panel-figures").text, 20, "the train stands")
    assert playing.state(GUEST) == "live"
    screen.send_keys("s")
    playing.until(lambda: "fps" in playing.find("#panel-figures").text, 10, "the train moves again")


def sky(browser: Browser, guest: str) -> list[int]:
    """The part of the picture where a click leaves a balloon, without the clouds of the train."""
    return browser.pixels(guest, 100, 20, 200, 60)


def has_changed(browser: Browser, guest: str, before: list[int]) -> bool:
    return float(np.mean(np.abs(np.subtract(sky(browser, guest), before)))) > 2


def test_a_click_lands_where_the_mouse_is(playing: Browser) -> None:
    before = sky(playing, GUEST)
    picture = playing.find(".large .picture")
    # From the middle of the picture, whose guest has 640x480 pixels, to (200, 50).
    scale = picture.rect["width"] / 640
    right, down = int((200 - 320) * scale), int((50 - 240) * scale)
    ActionChains(playing.driver).move_to_element_with_offset(picture, right, down).click().perform()
    playing.until(lambda: has_changed(playing, GUEST, before), 5, "a balloon at (200, 50)")


def test_the_mouse_is_captured_where_the_guest_takes_movements(page: Browser) -> None:
    play(page, RELATIVE)
    page.until(lambda: page.find(".large .screen").get_attribute("data-pointer") == "relative", 5)
    before = sky(page, RELATIVE)
    ActionChains(page.driver).move_to_element(page.find(".large .picture")).click().perform()
    page.until(lambda: page.run("return document.pointerLockElement?.className") == "screen", 5, "the lock")
    # Into the corner, wherever it was, and from there to a place in the sky.
    actions = ActionChains(page.driver, duration=30)
    for _ in range(20):
        actions.move_by_offset(-36, -17)
    for _ in range(20):
        actions.move_by_offset(15, 2)
    actions.click().perform()
    page.until(lambda: has_changed(page, RELATIVE, before), 5, "pointer and balloon")
    page.find(".large .screen").send_keys(Keys.CONTROL, Keys.ALT, "g")
    page.until(lambda: not page.run("return Boolean(document.pointerLockElement)"), 5, "the mouse is free")


def test_the_keyboard_of_a_phone_types_into_the_guest(playing: Browser) -> None:
    before = is_lit(playing)
    playing.run("document.querySelector('#typing').focus()")
    playing.find("#typing").send_keys("k")
    playing.until(lambda: has_toggled(playing, before), 10, "the lamp changes")
