"""The headset on a real runtime: phases, frames, controllers, bare hands, recentring, loss."""

import dataclasses
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from tests.vr.monado import Monado
from tests.vr.remote_control import RemoteControl
from vr.errors import RuntimeLostError, ServiceDownError
from vr.graphics.choice import choose
from vr.openxr.instance import offered_extensions
from vr.openxr.layer_path import Wish
from vr.openxr.phase import Phase
from vr.openxr.runtime import News, Runtime
from vr.openxr.session import FrameTime
from vr.scene.controllers import Hand, HandState
from vr.scene.geometry import ORIGIN, Placement, Pose, Rotation, Vector, about_y
from vr.scene.layer import Layer

pytestmark = pytest.mark.monado
WITHIN_S = 10.0


class Loop:
    """Runs frames until something holds, and remembers what came meanwhile."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.phases: list[Phase] = []
        self.news: list[News] = []
        self.layers: list[Layer] = []
        self.hands: dict[Hand, HandState] = {}
        self.head: Pose | None = None
        self.frame: FrameTime | None = None

    def step(self) -> None:
        news = self.runtime.poll()
        self.news.append(news)
        if not self.phases or self.phases[-1] is not news.phase:
            self.phases.append(news.phase)
        self.frame = self.runtime.wait_frame()
        if self.frame is None:
            time.sleep(0.005)
            return
        self.hands, self.head = self.runtime.read_hands(self.frame), self.runtime.head(self.frame)
        self.runtime.end_frame(self.frame, self.layers)

    def until(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + WITHIN_S
        while not condition():
            assert time.monotonic() < deadline, f"{what} did not come; {self.phases} {self.hands} {self.head}"
            self.step()

    def until_focused(self) -> "Loop":
        self.until(lambda: self.phases[-1:] == [Phase.FOCUSED] and self.head is not None, "focus")
        return self


@contextmanager
def started(wish: Wish = Wish.AUTO) -> Iterator[Loop]:
    offered = offered_extensions()
    runtime = Runtime.start(choose(offered, "auto"), offered, wish)
    try:
        yield Loop(runtime)
    finally:
        runtime.close()


@pytest.fixture
def loop(monado_null: Monado) -> Iterator[Loop]:
    with started() as running:
        yield running


def test_a_session_goes_to_focus_and_ends_in_order_on_request(loop: Loop) -> None:
    loop.until_focused()
    assert "Monado" in loop.runtime.system.runtime
    assert loop.runtime.bends
    loop.runtime.request_exit()
    loop.until(lambda: loop.phases[-1] is Phase.EXITING, "the end")
    assert loop.frame is None


def test_controllers_say_what_is_done_with_them(loop: Loop, remote: RemoteControl) -> None:
    loop.until_focused()
    remote.aim("right", at=(0.5, 0.2, -2.0))
    remote.hold("right", trigger=0.8, stick=(0.25, -0.75))
    remote.press("right", "a_click")
    remote.hold("left", squeeze=1.0)

    def arrived() -> bool:
        right = loop.hands[Hand.RIGHT]
        return right.secondary and right.select > 0.7 and loop.hands[Hand.LEFT].grab > 0.9

    loop.until(arrived, "the buttons")
    right, left = loop.hands[Hand.RIGHT], loop.hands[Hand.LEFT]
    assert right.stick == pytest.approx((0.25, -0.75))
    assert right.kind == "controller"
    assert right.aim is not None
    assert right.aim.position == pytest.approx((0.0, -0.2, 0.0), abs=1e-4)
    assert not right.menu
    assert (left.select, left.secondary) == (0.0, False)
    remote.press("right", "b_click")
    loop.until(lambda: loop.hands[Hand.RIGHT].menu and not loop.hands[Hand.RIGHT].secondary, "the menu button")


def test_a_controller_that_is_off_is_absent(loop: Loop, remote: RemoteControl) -> None:
    loop.until_focused()
    loop.until(lambda: loop.hands[Hand.LEFT].active, "the left controller")
    remote.hold("left", flags=frozenset())
    loop.until(lambda: not loop.hands[Hand.LEFT].active, "its end")
    assert loop.hands[Hand.RIGHT].active


def test_a_pinch_of_a_bare_hand_selects(loop: Loop, remote: RemoteControl) -> None:
    loop.until_focused()
    bare = dataclasses.replace(remote.hand("right"), flags=frozenset({"hand_tracking"}))
    remote.hold("right", flags=bare.flags, curl=(0.0, 0.0, 0.0, 0.0, 0.0))
    loop.until(lambda: loop.hands[Hand.RIGHT].kind == "hand", "the bare hand")
    assert loop.hands[Hand.RIGHT].select == 0.0
    remote.hold("right", curl=(0.0, 0.0, 0.0, 0.9, 0.9))
    loop.until(lambda: loop.hands[Hand.RIGHT].select > 0.9, "the pinch")
    hand = loop.hands[Hand.RIGHT]
    assert hand.aim is not None
    assert hand.grip is not None
    assert not hand.secondary
    assert not hand.menu


def test_a_tick_disturbs_nothing(loop: Loop) -> None:
    loop.until_focused()
    loop.runtime.tick(Hand.LEFT)
    loop.runtime.tick(Hand.RIGHT)
    loop.step()


def test_the_headsets_own_recentring_is_told(loop: Loop, monado_null: Monado, remote: RemoteControl) -> None:
    remote.head(head_position=(0.3, 1.6, 0.4))
    loop.until_focused()
    loop.until(lambda: loop.head is not None and abs(loop.head.position.x - 0.3) < 1e-3, "the head")
    monado_null.recentre()
    loop.until(lambda: any(news.recentred for news in loop.news), "the event")
    loop.until(lambda: loop.head is not None and abs(loop.head.position.x) < 1e-3, "the new origin")


def test_recentring_by_the_menu_puts_the_wearer_at_the_origin(loop: Loop, remote: RemoteControl) -> None:
    yaw = math.radians(40)
    remote.head(head_position=(0.5, 1.5, 1.0), head_rotation=(0.0, math.sin(yaw / 2), 0.0, math.cos(yaw / 2)))
    loop.until_focused()
    loop.until(lambda: loop.head is not None and abs(loop.head.position.x - 0.5) < 1e-3, "the head")
    assert loop.frame is not None
    assert loop.runtime.recentre(loop.frame)
    loop.until(lambda: loop.head is not None and abs(loop.head.position.x) < 1e-3, "the new origin")
    assert loop.head is not None
    assert loop.head.position == pytest.approx((0.0, 0.0, 0.0), abs=1e-3)
    assert loop.head.rotation == pytest.approx(Rotation(0.0, 0.0, 0.0, 1.0), abs=1e-3)


def test_a_killed_runtime_is_noticed_within_a_second_and_a_new_one_serves(monado_null: Monado) -> None:
    with started() as loop:
        loop.until_focused()
        monado_null.kill()
        killed_s = time.monotonic()
        with pytest.raises(RuntimeLostError, match="runtime has ended"):
            loop.until(lambda: False, "nothing")
        assert time.monotonic() - killed_s < 1.0
    with pytest.raises(ServiceDownError, match="does not answer"), started():
        pass
    monado_null.start()
    with started() as loop:
        loop.until_focused()


@pytest.mark.parametrize("wish", list(Wish))
def test_each_path_shows_the_picture_where_it_was_placed(monado: Monado, wish: Wish) -> None:
    with started(wish) as loop:
        canvas = loop.runtime.graphics.canvas(loop.runtime.session, 64, 48)
        pixels = np.zeros((48, 64, 4), np.uint8)
        pixels[..., 3] = 255
        pixels[:24, :, 0] = 255
        pixels[24:, :, 1] = 255
        canvas.upload(pixels)
        turned = about_y(math.radians(15))
        ahead = Vector(-2.0 * math.sin(math.radians(15)), 0.0, -2.0 * math.cos(math.radians(15)))
        loop.layers = [Layer(canvas, Placement(Pose(turned, ahead), 1.0, 0.75, 2.0), opaque=True)]
        loop.until_focused()

        def seen() -> bool:
            left = monado.picture()[:, :640].astype(int)
            red, green = left[..., 0] - left[..., 1] > 100, left[..., 1] - left[..., 0] > 100
            if not (red.sum() > 500 and green.sum() > 500):
                return False
            upper, lower = np.argwhere(red).mean(0), np.argwhere(green).mean(0)
            # Red above green, both left of the middle, as it was placed.
            return bool(upper[0] < 320 < lower[0] and upper[1] < 280 and abs(upper[1] - lower[1]) < 5)

        loop.until(seen, f"the picture by {wish.value}")
        canvas.close()


def test_a_picture_that_never_came_is_not_shown(loop: Loop) -> None:
    canvas = loop.runtime.graphics.canvas(loop.runtime.session, 64, 48)
    loop.layers = [Layer(canvas, Placement(ORIGIN, 1.0, 1.0, None), opaque=True)]
    loop.until_focused()
    assert loop.runtime.meter.read()["layers"] == 0
    canvas.close()


def test_more_pictures_than_layers_are_drawn_together(loop: Loop) -> None:
    pixels = np.full((16, 16, 4), 200, np.uint8)
    canvas = loop.runtime.graphics.canvas(loop.runtime.session, 16, 16)
    canvas.upload(pixels)
    limit = loop.runtime.layer_limit
    at = Placement(Pose(ORIGIN.rotation, Vector(0.0, 0.0, -1.0)), 0.1, 0.1, None)
    loop.layers = [Layer(canvas, at, opaque=True)] * (limit + 3)
    loop.until_focused()
    loop.until(lambda: loop.runtime.meter.read().get("layers") == limit, "the drawn ones")
    canvas.close()
