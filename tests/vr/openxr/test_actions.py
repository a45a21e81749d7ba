"""What the controllers say, on a real runtime."""

from collections.abc import Iterator

import pytest

from tests.vr.monado import Monado
from tests.vr.openxr.parts import Parts, opened
from tests.vr.remote_control import RemoteControl, Side
from vr.errors import RuntimeLostError
from vr.openxr import events, extensions
from vr.openxr.actions import Actions
from vr.scene.controllers import ABSENT, Hand, HandState

pytestmark = pytest.mark.monado


class Controllers:
    """A session and its actions."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.actions = Actions(parts.instance, parts.session, parts.extensions, parts.spaces)
        self._profiles_heard = 0

    def read(self, hand: Hand) -> HandState:
        heard = [event for event in self.parts.came if isinstance(event, events.ProfileChanged)]
        if len(heard) > self._profiles_heard:
            self._profiles_heard = len(heard)
            self.actions.profile_changed()
        return self.actions.read(self.parts.now())[hand]


@pytest.fixture
def controllers(monado_null: Monado) -> Iterator[Controllers]:
    with opened() as parts:
        yield Controllers(parts)


@pytest.fixture
def focused(controllers: Controllers, remote: RemoteControl) -> Controllers:
    controllers.parts.focus()
    controllers.parts.until(lambda: controllers.read(Hand.RIGHT).active, "controller")
    return controllers


def test_before_the_session_is_in_front_there_are_no_hands(controllers: Controllers) -> None:
    assert controllers.read(Hand.LEFT) == controllers.read(Hand.RIGHT) == ABSENT


@pytest.mark.parametrize("hand", list(Hand))
def test_each_button_of_each_hand_has_its_own_meaning(focused: Controllers, remote: RemoteControl, hand: Hand) -> None:
    side: Side = hand.value

    def read() -> HandState:
        return focused.read(hand)

    remote.hold(side, trigger=0.75)
    focused.parts.until(lambda: read().select == pytest.approx(0.75), "trigger")
    assert (read().grab, read().secondary, read().menu, read().stick) == (0.0, False, False, (0.0, 0.0))
    remote.hold(side, trigger=0.0, squeeze=0.5)
    focused.parts.until(lambda: read().grab == pytest.approx(0.5), "squeeze")
    assert (read().select, read().secondary, read().menu) == (0.0, False, False)
    remote.hold(side, squeeze=0.0, stick=(0.25, -0.75))
    focused.parts.until(lambda: read().stick == pytest.approx((0.25, -0.75)), "stick")
    remote.press(side, "a_click")
    focused.parts.until(lambda: read().secondary, "right mouse button")
    assert not read().menu
    remote.press(side, "b_click")
    focused.parts.until(lambda: read().menu, "menu button")
    assert not read().secondary
    assert focused.read(hand.other).select == 0.0


def test_a_controller_points_from_where_it_is_held(focused: Controllers, remote: RemoteControl) -> None:
    remote.aim("right", at=(1.0, 0.0, 0.0), origin=(0.5, 0.0, -0.25))

    def arrived() -> bool:
        aim = focused.read(Hand.RIGHT).aim
        return aim is not None and aim.position == pytest.approx((0.5, 0.0, -0.25), abs=1e-4)

    focused.parts.until(arrived, "pose")
    right = focused.read(Hand.RIGHT)
    assert right.aim is not None
    assert right.aim.rotation == pytest.approx(remote.hand("right").rotation, abs=1e-4)
    assert right.grip is not None
    assert right.kind == "controller"


def test_a_controller_that_is_switched_off_is_absent_and_returns(focused: Controllers, remote: RemoteControl) -> None:
    on = remote.hand("right").flags
    remote.hold("right", flags=frozenset())
    focused.parts.until(lambda: focused.read(Hand.RIGHT) == ABSENT, "end of the controller")
    assert focused.read(Hand.LEFT).active
    remote.hold("right", flags=on)
    focused.parts.until(lambda: focused.read(Hand.RIGHT).active, "controller")


def test_hands_are_placed_in_the_wearers_own_world_after_recentring(
    focused: Controllers, remote: RemoteControl
) -> None:
    remote.head(head_position=(1.0, 1.6, 0.0))
    remote.aim("right", at=(1.0, 0.0, -2.0), origin=(1.0, 0.0, -0.5))

    def beside_the_head() -> bool:
        aim = focused.read(Hand.RIGHT).aim
        return aim is not None and aim.position == pytest.approx((0.0, 0.0, -0.5), abs=1e-3)

    focused.parts.until(lambda: focused.parts.spaces.recentre(focused.parts.now()) and beside_the_head(), "hand")


def test_a_tick_is_taken_in_focus_and_harmless_before(controllers: Controllers, remote: RemoteControl) -> None:
    for hand in Hand:
        controllers.actions.tick(hand)
    controllers.parts.focus()
    for hand in Hand:
        controllers.actions.tick(hand)


def test_a_runtime_without_the_optional_controllers_gets_only_bindings_that_it_knows(
    monado_null: Monado, remote: RemoteControl
) -> None:
    with opened(without=(extensions.HAND_INTERACTION, extensions.PICO, extensions.HP)) as parts:
        assert extensions.HAND_INTERACTION not in parts.extensions
        controllers = Controllers(parts)
        parts.focus()
        parts.until(lambda: controllers.read(Hand.RIGHT).active, "controller")


def test_a_runtime_that_dies_is_lost_not_an_absent_hand(focused: Controllers, monado_null: Monado) -> None:
    monado_null.kill()
    with pytest.raises(RuntimeLostError, match="returns by itself"):
        focused.read(Hand.RIGHT)


def test_the_head_is_found_while_a_controller_is_off(focused: Controllers, remote: RemoteControl) -> None:
    parts = focused.parts
    remote.hold("left", flags=frozenset())
    parts.until(lambda: not focused.read(Hand.LEFT).active, "its end")
    now = parts.now()
    focused.actions.read(now)
    assert parts.spaces.locate(parts.spaces.head, now) is not None
