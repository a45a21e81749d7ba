from tests.vr.scene.hands import FRAME_S, aimed, at
from vr.scene.controllers import ABSENT, Hand
from vr.scene.geometry import Vector
from vr.scene.hands import Hands
from vr.scene.layout import wall
from vr.scene.pointer import Surface

SURFACES = [Surface(f"pc-{index}", spot.placement(4 / 3)) for index, spot in enumerate(wall(9))]
UP = aimed(Vector(0.0, 9.0, 0.0))


def test_two_rays_point_at_once() -> None:
    hands = Hands(Hand.RIGHT)
    states = {Hand.LEFT: at(SURFACES[3].placement, 0.5, 0.5), Hand.RIGHT: at(SURFACES[5].placement, 0.5, 0.5)}
    hands.step(states, SURFACES, FRAME_S)
    assert {hand: pointing.on for hand, pointing in hands.pointing.items()} == {Hand.LEFT: "pc-3", Hand.RIGHT: "pc-5"}
    assert not hands.busy


def test_the_hand_of_habit_owns_the_mouse_until_the_other_clicks_on_a_screen() -> None:
    hands = Hands(Hand.LEFT)
    hands.step({Hand.LEFT: UP, Hand.RIGHT: UP}, SURFACES, FRAME_S)
    assert hands.owner is Hand.LEFT
    assert [hands.own(hand) for hand in (Hand.RIGHT, Hand.RIGHT, Hand.LEFT)] == [True, False, True]


def test_a_hand_that_is_lost_leaves_the_mouse_to_the_other() -> None:
    hands = Hands(Hand.RIGHT)
    hands.step({Hand.LEFT: UP, Hand.RIGHT: ABSENT}, SURFACES, FRAME_S)
    assert hands.owner is Hand.LEFT
    hands.step({}, SURFACES, 2 * FRAME_S)
    assert hands.owner is Hand.LEFT


def test_hands_are_busy_while_one_clicks() -> None:
    hands = Hands(Hand.RIGHT)
    hands.step({Hand.LEFT: at(SURFACES[3].placement, 0.5, 0.5, select=1.0)}, SURFACES, FRAME_S)
    assert hands.busy
    assert hands.state(Hand.LEFT).select == 1.0
    assert hands.state(Hand.RIGHT) is ABSENT
