"""What the page shows of states that no real cluster takes on demand, and how it looks."""

import itertools
from collections.abc import Iterator

import pytest

from backend.contract.events import Added, DiscoveryState, Freshness, Removed, Updated
from backend.contract.instance import Instance, InstanceState
from backend.web.page import STATIC
from loco_kiosk.look import palette
from tests.web.browser import Browser
from tests.web.scripted_backend import ScriptedBackend, snapshot

WORDS = {
    InstanceState.PENDING: "Waiting",
    InstanceState.BOOTING: "Starting",
    InstanceState.READY: "Reconnecting",
    InstanceState.DEGRADED: "Reconnecting",
    InstanceState.TERMINATING: "Switched off",
    InstanceState.LOST: "Lost",
    InstanceState.GONE: "Switched off",
}
"""Of machines whose streamer cannot be reached."""
SIZES = ((390, 844), (844, 390), (1280, 720), (1920, 1080))
# Every text that can be seen: its size in pixels, and its contrast with the nearest ground that is not transparent.
_TEXTS = """
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const ground = (element) => {
    for (; element; element = element.parentElement) {
      const [r, g, b, alpha = 1] = parts(getComputedStyle(element).backgroundColor);
      if (alpha > 0.8) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node; (node = walker.nextNode()); ) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const style = getComputedStyle(element);
    const [low, high] = [luminance(parts(style.color).slice(0, 3)), luminance(ground(element))].sort((a, b) => a - b);
    found.push([node.data.trim(), parseFloat(style.fontSize), (high + 0.05) / (low + 0.05)]);
  }
  return found;
"""
_UNNAMED = """
  return [...document.querySelectorAll("button, input, textarea, a, [role=application]")]
    .filter((one) => !(one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent).trim())
    .map((one) => one.outerHTML);
"""
_TOO_WIDE = """
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest("svg"))
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => one.outerHTML.slice(0, 80));
"""


def machine(slot: int, state: InstanceState = InstanceState.READY, reason: str = "") -> Instance:
    return Instance(id=f"instance-{slot}", slot=slot, name=f"PC {slot + 1}", state=state, reason=reason)


@pytest.fixture
def nine() -> list[Instance]:
    states = itertools.cycle(InstanceState)
    return [machine(slot, next(states), f"The reason of {slot + 1}, in words that may be long.") for slot in range(9)]


@pytest.fixture
def backend(nine: list[Instance]) -> Iterator[ScriptedBackend]:
    with ScriptedBackend(snapshot(*nine)) as backend:
        yield backend


@pytest.fixture
def page(browser: Browser, backend: ScriptedBackend) -> Browser:
    browser.open(backend.url)
    browser.until(lambda: len(browser.find_all(".tile")) == 9, what="nine tiles")
    return browser


def test_each_state_has_word_glyph_and_reason(page: Browser, nine: list[Instance]) -> None:
    for instance in nine:
        tile = f'[data-instance="{instance.id}"]'
        page.until(
            lambda tile=tile, word=WORDS[instance.state]: page.find(f"{tile} .badge").text == word,  # type: ignore[misc]  # bound now
            what=f"{WORDS[instance.state]} for {instance.state}",
        )
        assert page.find_all(f"{tile} .badge svg path")
        assert page.find(f'{tile} [data-part="reason"]').text
        label = page.find(f"{tile} .open").get_attribute("aria-label") or ""
        assert WORDS[instance.state] in label
    unreachable = (InstanceState.PENDING, InstanceState.BOOTING, InstanceState.LOST, InstanceState.GONE)
    for instance in (one for one in nine if one.state in unreachable):
        reason = page.find(f'[data-instance="{instance.id}"] [data-part="reason"]').text
        assert reason == instance.reason


def test_changes_show_at_once_and_in_order(page: Browser, backend: ScriptedBackend) -> None:
    backend.say(Removed(2, "instance-4"))
    backend.say(Added(3, machine(4, InstanceState.PENDING)))
    backend.say(Updated(4, machine(0, InstanceState.LOST, "Its node is down.")))
    page.until(lambda: page.state("instance-0") == "lost", 3)
    page.until(lambda: page.state("instance-4") == "pending", 3)
    assert page.find('[data-instance="instance-0"] [data-part="reason"]').text == "Its node is down."
    assert [one.get_attribute("data-instance") for one in page.find_all(".tile")] == [f"instance-{n}" for n in range(9)]
    assert backend.connections == 1


def test_a_gap_in_the_revisions_is_closed_by_a_new_snapshot(page: Browser, backend: ScriptedBackend) -> None:
    backend.snapshot = snapshot(machine(0), machine(1))
    backend.say(Updated(7, machine(0)))
    page.until(lambda: len(page.find_all(".tile")) == 2, 5, "the new snapshot")
    assert backend.connections == 2


def test_a_list_that_cannot_be_trusted_says_so(page: Browser, backend: ScriptedBackend) -> None:
    notice = page.find("#notice")
    assert not notice.is_displayed()
    for state, word in ((DiscoveryState.STALE, "Old list"), (DiscoveryState.LOST, "List lost")):
        backend.say(Freshness(1, True, 12.0, state, "The API server does not answer."))
        page.until(lambda word=word: word in page.find("#backend").text, 3, word)  # type: ignore[misc]  # bound now
        assert "12 s old" in page.find("#backend").text
        assert "The API server does not answer." in notice.text
    backend.say(Freshness(1, True, 0.1))
    page.until(lambda: page.find("#backend").text == "Live list", 3)
    assert not notice.is_displayed()


def test_a_backend_that_goes_is_told_and_found_again(page: Browser, backend: ScriptedBackend) -> None:
    backend.accepts = False
    backend.hang_up()
    page.until(lambda: page.find("#notice").is_displayed(), 3, "the notice")
    assert "No backend" in page.find("#backend").text
    assert len(page.find_all(".tile")) == 9
    backend.accepts = True
    page.until(lambda: not page.find("#notice").is_displayed(), 10, "found again")


def test_an_address_that_names_nothing_shows_the_wall(browser: Browser, backend: ScriptedBackend) -> None:
    for name in ("instance-77", "%", "%E0%A4%A"):
        browser.open(f"{backend.url}/#{name}")
        browser.until(lambda: len(browser.find_all(".tile")) == 9, 5, name)
        assert not browser.find("#panel").is_displayed()


def test_a_large_machine_that_goes_leads_back_to_the_wall_where_one_was(
    page: Browser, backend: ScriptedBackend
) -> None:
    page.size(1280, 400)
    page.run("document.querySelector('main').scrollTop = 150")
    page.run("location.hash = 'instance-8'")
    page.until(lambda: page.find("#panel").is_displayed(), 3)
    backend.say(Removed(2, "instance-8"))
    page.until(lambda: not page.find("#panel").is_displayed(), 3)
    assert page.run("return document.querySelector('main').scrollTop") == 150
    assert page.driver.title == "Loco Kiosk"


def test_nothing_known_is_not_the_same_as_nothing_there(browser: Browser) -> None:
    with ScriptedBackend(snapshot(synced=False, state=DiscoveryState.SYNCING)) as backend:
        browser.open(backend.url)
        browser.until(lambda: "Looking for machines" in browser.find("#empty").text)
        backend.say(Freshness(1, True, 0.0))
        browser.until(lambda: "There is no machine" in browser.find("#empty").text, 3)


def test_a_backend_of_another_version_is_refused_in_words(browser: Browser) -> None:
    with ScriptedBackend(snapshot()) as backend:
        browser.open(backend.url)
        message = {"type": "instances/snapshot", "version": 9}
        body = "try { new module.Roster().apply(given[0]); } catch (error) { return error.message; }"
        found = browser.module("roster", body, message)
    assert "speaks protocol 9" in found
    assert "reload the page" in found


@pytest.mark.parametrize("size", SIZES)
def test_every_text_is_large_and_clear_enough_and_nothing_is_cut_off(page: Browser, size: tuple[int, int]) -> None:
    page.size(*size)
    page.run("document.querySelector('#help').showModal()")
    dialog = page.run(_TEXTS)
    page.run("document.querySelector('#help').close()")
    wall = page.run(_TEXTS)
    wide = page.run(_TOO_WIDE)
    page.run("location.hash = 'instance-1'")
    page.until(lambda: page.find("#back").is_displayed())
    large = page.run(_TEXTS)
    assert len(wall) > 40
    assert [text for text in (*dialog, *wall, *large) if text[1] < 12 or text[2] < palette.AA] == []
    assert wide + page.run(_TOO_WIDE) == []
    assert page.run(_UNNAMED) == []
    back = page.run(
        "const b = document.querySelector('#back').getBoundingClientRect(); return [b.left, b.top, b.height]"
    )
    assert back[0] >= 0
    assert back[1] >= 0
    assert back[2] >= 40


def test_the_colours_are_the_kiosks() -> None:
    style = (STATIC / "wall.css").read_text(encoding="utf-8")
    for name in ("chip", "plate", "bar", "bar-ink", "bar-soft", "paper", "paper-ink", "paper-soft", "accent", "stage"):
        assert f"--{name}: {getattr(palette, name.replace('-', '_').upper())};" in style
    for number, brick in enumerate(palette.BRICKS):
        colours = f"--brick: {brick}; --ink: {palette.ink(brick)}; --soft: {palette.soft_ink(brick)};"
        assert f'[data-brick="{number}"] {{ {colours} }}' in style
    for state, colour in palette.STATES.items():
        assert state == "empty" or f'[data-state="{state}"] {{ --state: {colour}; }}' in style
