"""Bare hands, on a real runtime."""

import math
from collections.abc import Iterator

import pytest

from tests.vr.monado import Monado
from tests.vr.openxr.parts import Parts, opened
from tests.vr.remote_control import RemoteControl
from vr.errors import RuntimeLostError
from vr.openxr import extensions
from vr.openxr.hand_tracking import TrackedHand, open_hands
from vr.scene.controllers import ABSENT, Hand, HandState
from vr.scene.geometry import Pose

pytestmark = pytest.mark.monado
OPEN = (0.0, 0.0, 0.0, 0.0, 0.0)
PINCH = (0.0, 0.0, 0.0, 0.9, 0.9)
FIST = (1.0, 1.0, 1.0, 1.0, 1.0)


class Bare:
    """A session and the cameras' view of both hands."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.hands = open_hands(parts.instance, parts.session, parts.extensions)

    @property
    def head(self) -> Pose | None:
        return self.parts.spaces.locate(self.parts.spaces.head, self.parts.now())

    def read(self, hand: Hand) -> HandState:
        return self.hands[hand].read(self.parts.spaces, self.head, self.parts.now())


@pytest.fixture
def bare(monado_null: Monado, remote: RemoteControl) -> Iterator[Bare]:
    with opened() as parts:
        yield Bare(parts)


def show(remote: RemoteControl, hand: Hand, curl: tuple[float, ...]) -> None:
    remote.hold(hand.value, curl=curl, flags=frozenset({"active", "hand_tracking"}))


def test_a_hand_that_the_cameras_do_not_see_is_absent(bare: Bare, remote: RemoteControl) -> None:
    assert set(bare.hands) == set(Hand)
    bare.parts.until(lambda: bare.read(Hand.LEFT) == bare.read(Hand.RIGHT) == ABSENT, "absence")


@pytest.mark.parametrize("hand", list(Hand))
def test_an_open_hand_points_and_presses_nothing(bare: Bare, remote: RemoteControl, hand: Hand) -> None:
    show(remote, hand, OPEN)
    bare.parts.until(lambda: bare.read(hand).active, "hand")
    seen = bare.read(hand)
    assert seen.kind == "hand"
    assert (seen.select, seen.secondary, seen.grab, seen.menu, seen.stick) == (0.0, False, 0.0, False, (0.0, 0.0))
    assert seen.aim is not None
    assert seen.grip is not None
    assert math.dist(seen.grip.position, (-0.2 if hand is Hand.LEFT else 0.2, -0.3, -0.3)) < 0.2


@pytest.mark.parametrize("hand", list(Hand))
def test_thumb_and_index_finger_together_select(bare: Bare, remote: RemoteControl, hand: Hand) -> None:
    show(remote, hand, PINCH)
    bare.parts.until(lambda: bare.read(hand).select > 0.9, "pinch")
    seen = bare.read(hand)
    assert (seen.secondary, seen.menu, seen.grab) == (False, False, 0.0)


def test_a_fist_grabs_and_does_not_click(bare: Bare, remote: RemoteControl) -> None:
    show(remote, Hand.RIGHT, FIST)
    bare.parts.until(lambda: bare.read(Hand.RIGHT).grab > 0.9, "fist")
    assert bare.read(Hand.RIGHT).select == 0.0


def test_a_hand_that_leaves_the_view_is_absent_again(bare: Bare, remote: RemoteControl) -> None:
    show(remote, Hand.RIGHT, PINCH)
    bare.parts.until(lambda: bare.read(Hand.RIGHT).active, "hand")
    remote.hold("right", flags=frozenset())
    bare.parts.until(lambda: bare.read(Hand.RIGHT) == ABSENT, "absence")


def test_without_a_tracked_head_a_hand_has_no_ray_but_its_place(bare: Bare, remote: RemoteControl) -> None:
    assert extensions.HAND_AIM not in bare.parts.extensions
    show(remote, Hand.RIGHT, OPEN)
    bare.parts.until(lambda: bare.read(Hand.RIGHT).active, "hand")
    seen = bare.hands[Hand.RIGHT].read(bare.parts.spaces, None, bare.parts.now())
    assert seen.aim is None
    assert seen.grip is not None


def test_a_runtime_without_hand_tracking_has_no_bare_hands(monado_null: Monado) -> None:
    with opened(without=(extensions.HAND_TRACKING,)) as parts:
        assert open_hands(parts.instance, parts.session, parts.extensions) == {}


def test_trackers_can_be_given_back_and_made_anew(bare: Bare) -> None:
    for tracked in bare.hands.values():
        tracked.close()
    again = open_hands(bare.parts.instance, bare.parts.session, bare.parts.extensions)
    assert all(isinstance(tracked, TrackedHand) for tracked in again.values())


def test_a_hand_harms_nothing_while_the_runtime_dies_whose_loss_its_events_tell(
    bare: Bare, monado_null: Monado
) -> None:
    head = bare.head
    monado_null.kill()
    assert bare.hands[Hand.LEFT].read(bare.parts.spaces, head, bare.parts.now()) == ABSENT
    with pytest.raises(RuntimeLostError, match="returns by itself"):
        bare.parts.poll()
