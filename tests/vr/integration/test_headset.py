"""The VR process on a real runtime, with a wall that a feed draws: what is seen, and what hands do."""

import signal
import time
from pathlib import Path

import numpy as np
import pytest

from backend.contract.input import FULL_SCALE, Button, InputMessage, Wheel
from loco_kiosk.client.vr_messages import Input, Pointers, Statistics, Status
from tests.vr import eyes
from tests.vr.monado import Monado, until
from tests.vr.pretended_feed import GREY, SIZE_PX, PretendedFeed, magenta, marked
from tests.vr.recording import SESSIONS, read, replay
from tests.vr.remote_control import RemoteControl
from tests.vr.remote_state import Triple
from tests.vr.scenery import around, spot

pytestmark = pytest.mark.monado

AWAY: Triple = (0.3, -2.0, -0.6)
MIDDLE = 4
STEADY_FRAMES = 20
"""Of a second."""
CENTRE = (SIZE_PX[0] // 2, SIZE_PX[1] // 2)


@pytest.fixture
def worn(feed: PretendedFeed, monado: Monado, remote: RemoteControl, tmp_path: Path) -> PretendedFeed:
    """Nine dark screens, worn, hands down."""
    for side in ("left", "right"):
        remote.aim(side, AWAY)
    feed.start(monado.environment, "--state-directory", str(tmp_path / "state"))
    show(feed, -1)
    feed.wait_until_worn()
    feed.wait(lambda: float(around(monado.picture(), spot(9, MIDDLE, 0.5, 0.5), "right").mean()) > GREY / 2)
    # Nine canvases have been made; now frames come as they will go on coming.
    feed.wait(lambda: any(said.figures.get("frames", 0) >= STEADY_FRAMES for said in feed.said(Statistics)[-1:]))
    return feed


def show(feed: PretendedFeed, screen: int) -> None:
    """Put a mark in the middle of one screen, none on the others."""
    for slot in range(len(feed.screens)):
        feed.draw(slot, marked([CENTRE] if slot == screen else []))


def mark_seen(monado: Monado, eye: eyes.Eye = "right") -> tuple[float, float] | None:
    """Where an eye sees the mark, in pixels of its half."""
    colour = magenta(eyes.half(monado.picture(), eye))
    colour[colour < 0.15] = 0.0
    return eyes.centroid(colour) if colour.sum() > 5 else None


def off_by_px(monado: Monado, screen: int) -> float:
    """Distance of the seen mark from where the layout says that it is."""
    seen = mark_seen(monado)
    if seen is None:
        return float("inf")
    height, width = monado.picture().shape[0], monado.picture().shape[1] // 2
    expected = eyes.pixel(spot(9, screen, 0.5, 0.5), "right", width, height)
    return float(np.hypot(seen[0] - expected[0], seen[1] - expected[1]))


@pytest.mark.parametrize("path", ["cylinder", "projection"])
@pytest.mark.parametrize("graphics", ["vulkan", "opengl"])
def test_a_pixel_of_a_guest_is_seen_where_the_layout_has_it(
    feed: PretendedFeed, monado: Monado, remote: RemoteControl, graphics: str, path: str
) -> None:
    remote.aim("right", AWAY)
    remote.aim("left", AWAY)
    feed.start(monado.environment, "--graphics", graphics, "--path", path)
    show(feed, MIDDLE)
    feed.wait_until_worn()
    feed.wait(lambda: off_by_px(monado, MIDDLE) < 2.0)


def test_flat_screens_are_seen_too(feed: PretendedFeed, monado: Monado, remote: RemoteControl) -> None:
    remote.aim("right", AWAY)
    remote.aim("left", AWAY)
    feed.start(monado.environment, "--path", "quad")
    show(feed, MIDDLE)
    feed.wait_until_worn()
    feed.wait(lambda: off_by_px(monado, MIDDLE) < 2.0)  # the middle of a flat screen is where that of a bent one is


def inputs(feed: PretendedFeed, screen: int) -> list[InputMessage]:
    """What the wearer did to a guest."""
    return [message.message for message in feed.said(Input) if message.id == feed.screens[screen].id]


def buttons(feed: PretendedFeed, screen: int) -> list[Button]:
    """Buttons of the mouse, in order."""
    return [message for message in inputs(feed, screen) if isinstance(message, Button)]


def pixel_of(button: Button) -> tuple[float, float]:
    """Of the guest."""
    assert button.position is not None
    return button.position[0] * SIZE_PX[0] / FULL_SCALE, button.position[1] * SIZE_PX[1] / FULL_SCALE


def replayed(name: str, feed: PretendedFeed, remote: RemoteControl) -> None:
    """Replay a recorded session, and wait until its last effect must have come."""
    replay(remote, read(SESSIONS / f"{name}.jsonl"))
    # It reports once a second from its frame loop: a whole second of frames lies between two of its reports.
    reports = len(feed.said(Statistics))
    feed.wait(lambda: len(feed.said(Statistics)) >= reports + 2)


def test_a_recorded_click_reaches_the_guest_where_it_was_aimed(worn: PretendedFeed, remote: RemoteControl) -> None:
    replayed("click", worn, remote)
    down, up = buttons(worn, MIDDLE)
    assert (down.button, down.down, up.button, up.down) == (0, True, 0, False)
    # The recorded hand trembles by 0.3 degrees, which is seven pixels.
    assert pixel_of(down) == pytest.approx(CENTRE, abs=7.0)


def test_a_recorded_double_click_of_a_trembling_hand_hits_one_pixel(worn: PretendedFeed, remote: RemoteControl) -> None:
    replayed("double-click", worn, remote)
    clicks = buttons(worn, MIDDLE)
    assert [click.down for click in clicks] == [True, False, True, False]
    assert pixel_of(clicks[2]) == pytest.approx(pixel_of(clicks[0]), abs=1.0)


def test_a_recorded_drag_pulls_from_one_place_to_another(worn: PretendedFeed, remote: RemoteControl) -> None:
    replayed("drag", worn, remote)
    down, up = buttons(worn, 3)
    assert pixel_of(down) == pytest.approx((160, 240), abs=10)
    assert pixel_of(up) == pytest.approx((480, 240), abs=10)


def test_a_recorded_second_button_is_the_right_one(worn: PretendedFeed, remote: RemoteControl) -> None:
    replayed("right-click", worn, remote)
    assert [(click.button, click.down) for click in buttons(worn, 5)] == [(2, True), (2, False)]


def test_a_recorded_stick_pulled_back_turns_the_wheel_down(worn: PretendedFeed, remote: RemoteControl) -> None:
    replayed("wheel", worn, remote)
    turned = [message.down for message in inputs(worn, MIDDLE) if isinstance(message, Wheel)]
    assert turned
    assert min(turned) > 0


def test_recorded_hands_play_two_machines(worn: PretendedFeed, remote: RemoteControl) -> None:
    replayed("both-hands", worn, remote)
    assert [click.down for click in buttons(worn, 5)] == [True, False]
    assert [click.down for click in buttons(worn, 3)] == [True, False]


def test_a_recorded_grab_moves_the_screen_and_leaves_the_guest_alone(
    worn: PretendedFeed, remote: RemoteControl, monado: Monado
) -> None:
    show(worn, MIDDLE)
    worn.wait(lambda: off_by_px(monado, MIDDLE) < 2.0)
    replayed("grab", worn, remote)
    until(lambda: off_by_px(monado, MIDDLE) > 30.0, 15.0, lambda: "the screen stayed")
    assert buttons(worn, MIDDLE) == []


def test_the_wall_follows_a_recentring(worn: PretendedFeed, remote: RemoteControl, monado: Monado) -> None:
    show(worn, MIDDLE)
    worn.wait(lambda: off_by_px(monado, MIDDLE) < 2.0)
    remote.head(head_position=(0.5, 1.6, 0.0))
    until(lambda: off_by_px(monado, MIDDLE) > 30.0, 15.0, lambda: "the wall moved with the head")
    monado.recentre()
    until(lambda: off_by_px(monado, MIDDLE) < 2.0, 15.0, lambda: "the wall stayed behind")


def test_hovering_tells_the_desktop_where_the_wearer_points(worn: PretendedFeed, remote: RemoteControl) -> None:
    remote.aim("right", spot(9, 0, 0.25, 0.75))
    worn.wait(lambda: any(said.pointers for said in worn.said(Pointers)))

    def settled() -> bool:
        """The filter that calms the hand lets the pointer arrive."""
        (pointer,) = worn.said(Pointers)[-1].pointers
        return (pointer.u * 640, pointer.v * 480) == pytest.approx((160, 360), abs=1.0)

    worn.wait(settled)
    (pointer,) = worn.said(Pointers)[-1].pointers
    assert (pointer.hand, pointer.id, pointer.pressed) == ("right", "instance-0", False)


def test_a_killed_runtime_is_told_within_a_second_and_its_return_brings_the_wall_back(
    worn: PretendedFeed, monado: Monado
) -> None:
    killed_s = time.monotonic()
    monado.kill()
    until(lambda: bool(worn.said(Status, killed_s)), 1.0, lambda: f"nothing said: {worn.log}")
    first = worn.said(Status, killed_s)[0]
    assert first.state == "lost"
    assert first.sentence.endswith(".")
    back_s = time.monotonic()
    monado.start()
    show(worn, MIDDLE)
    worn.wait(lambda: any(status.state == "worn" for status in worn.said(Status, back_s)))
    worn.wait(lambda: off_by_px(monado, MIDDLE) < 2.0)


def test_a_kiosk_that_ends_takes_the_headset_along(worn: PretendedFeed) -> None:
    assert worn.stop() == 0


def test_a_signal_ends_it_in_order(worn: PretendedFeed) -> None:
    assert worn.process is not None
    worn.process.send_signal(signal.SIGTERM)
    assert worn.process.wait(5.0) == 0
