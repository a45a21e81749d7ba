import dataclasses
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.contract.input import Button, Key, MoveBy, MoveTo, Wheel
from tests.vr.scene.hands import aimed
from tests.vr.scene.room import LEFT, NOWHERE, RIGHT, Room
from vr.scene.controllers import ABSENT, HandState
from vr.scene.geometry import Vector
from vr.scene.keyboard import HIDE
from vr.scene.layout import wall
from vr.scene.menu import MenuAction
from vr.scene.panels import KEYBOARD, MENU
from vr.scene.scene import Screen
from vr.scene.spot import Spot


def test_a_click_brings_a_machine_to_the_front_and_reaches_it() -> None:
    room = Room()
    room.click("pc-4")
    assert room.focused == ["pc-4"]
    assert room.scene.guests.front == "pc-4"
    (down, up) = room.take(Button)
    assert (down[0], up[0]) == ("pc-4", "pc-4")
    assert room.ticks == 1


def test_the_screen_in_front_comes_near_when_the_click_is_over() -> None:
    room = Room()
    room.click("pc-0")
    assert room.scene.arrangement.spot("pc-0") == wall(9)[0]
    room.step(room.over("pc-0"), frames=120)
    assert room.scene.arrangement.spot("pc-0") == wall(9, 0)[0]
    assert room.scene.drawn()[-1][0] == "pc-0"


def test_a_click_on_nothing_puts_it_back() -> None:
    room = Room()
    room.click("pc-0")
    room.step(NOWHERE, frames=120)
    room.step(aimed(Vector(0.0, 9.0, 0.0), select=1.0))
    room.step(NOWHERE, frames=120)
    assert room.focused == ["pc-0", None]
    assert room.scene.arrangement.spot("pc-0") == wall(9)[0]
    room.step(aimed(Vector(0.0, 9.0, 0.0), select=1.0))
    assert room.focused == ["pc-0", None]


def test_hovering_moves_the_mouse_of_the_machine_in_front_only() -> None:
    room = Room()
    room.scene.focus("pc-4")
    room.step(room.over("pc-4", 0.25, 0.5), frames=3)
    room.step(room.over("pc-5", 0.25, 0.5), frames=60)
    moves = room.take(MoveTo)
    assert {name for name, _ in moves} == {"pc-4"}


def test_a_machine_that_takes_movements_gets_movements() -> None:
    room = Room(relative=True)
    room.scene.focus("pc-4")
    room.step(room.over("pc-4", 0.25, 0.5), frames=3)
    assert room.take() == []
    room.step(room.over("pc-4", 0.35, 0.5), frames=90)
    last = room.take(MoveBy)[-1][1]
    assert isinstance(last, MoveBy)
    assert last.x == pytest.approx(64, abs=1)
    assert last.y == pytest.approx(0, abs=1)


def test_a_machine_without_a_picture_of_its_own_gets_no_input() -> None:
    room = Room(playable=False)
    room.click("pc-4")
    room.step(room.over("pc-4", 0.3, 0.3, stick=(0.0, 1.0)), frames=30)
    assert room.take() == []
    assert room.focused == ["pc-4"]


def test_the_last_hand_that_clicked_owns_the_mouse() -> None:
    room = Room()
    room.scene.focus("pc-4")
    room.step(room.over("pc-4", 0.2, 0.2), room.over("pc-4", 0.8, 0.8), frames=3)
    first = room.take(MoveTo)[-1][1]
    assert isinstance(first, MoveTo)
    assert first.x == pytest.approx(0.2 * 65535, abs=100)
    room.step(room.over("pc-4", 0.2, 0.2), room.over("pc-4", 0.8, 0.8, select=1.0))
    down = room.take(Button)[-1][1]
    assert isinstance(down, Button)
    assert down.position is not None
    assert down.position[0] == pytest.approx(0.8 * 65535, abs=100)
    assert room.scene.hands.owner is LEFT


def test_a_click_of_the_other_hand_ends_the_drag_of_the_first() -> None:
    room = Room()
    room.scene.focus("pc-4")
    room.step(room.over("pc-4"), room.over("pc-4"))
    room.step(room.over("pc-4", select=1.0), room.over("pc-4"), frames=3)
    room.step(room.over("pc-4", select=1.0), room.over("pc-4", select=1.0), frames=3)
    assert room.held["pc-4"] == {0}
    room.step(room.over("pc-4"), room.over("pc-4", select=1.0), frames=3)
    assert room.held["pc-4"] == {0}
    room.step(room.over("pc-4"), room.over("pc-4"), frames=3)
    assert room.held["pc-4"] == set()


def test_a_hand_that_is_lost_lets_go() -> None:
    room = Room()
    room.step(room.over("pc-4"), frames=3)
    room.step(room.over("pc-4", select=1.0), frames=3)
    assert room.held["pc-4"] == {0}
    room.step(ABSENT)
    assert room.held["pc-4"] == set()


def test_a_session_that_loses_the_focus_lets_go_of_everything() -> None:
    room = Room()
    room.scene.focus("pc-4")
    room.scene.toggle_keyboard()
    room.step(room.on(KEYBOARD, "ShiftLeft"), frames=3)
    room.step(room.on(KEYBOARD, "ShiftLeft", select=1.0), frames=3)
    room.step(room.on(KEYBOARD, "ShiftLeft"), room.over("pc-4", select=1.0), frames=3)
    assert room.held["pc-4"] == {"ShiftLeft", 0}
    room.scene.let_go()
    assert room.held["pc-4"] == set()
    assert not room.scene.keyboard.down


def test_the_stick_turns_the_wheel_of_the_screen_that_is_pointed_at() -> None:
    room = Room()
    room.scene.focus("pc-4")
    room.step(room.over("pc-4", stick=(0.0, -1.0)), frames=72)
    steps = [message.down for _, message in room.take(Wheel) if isinstance(message, Wheel)]
    assert steps
    assert min(steps) > 0
    room.step(room.over("pc-5", stick=(0.0, -1.0)), frames=120)
    room.take()
    room.step(room.over("pc-5", stick=(0.0, -1.0)), frames=20)
    assert room.take(Wheel) == []


def test_a_grip_takes_a_screen_along_and_the_place_is_kept() -> None:
    room = Room()
    room.step(room.over("pc-4"), frames=3)
    room.step(room.over("pc-4", grab=1.0))
    start = room.scene.arrangement.spot("pc-4")
    target = aimed(Spot(0.3, 0.2, 2.0, 0.1).placement(1.0).pose.position, grab=1.0, stick=(0.0, 0.5))
    room.step(target, frames=60)
    moved = room.scene.arrangement.spot("pc-4")
    assert moved.right > start.right + 0.1
    assert moved.up > start.up + 0.1
    assert moved.distance_m > start.distance_m
    assert room.kept == {}
    room.step(dataclasses.replace(target, grab=0.0), frames=2)
    assert room.kept == {"pc-4": moved}
    assert room.take() == []
    room.scene.put_back()
    room.step(frames=60)
    assert room.scene.arrangement.spot("pc-4") == wall(9)[4]
    assert room.kept == {}


def test_what_one_hand_holds_the_other_cannot_take() -> None:
    room = Room()
    room.step(room.over("pc-4"), room.over("pc-4"), frames=3)
    room.step(room.over("pc-4", grab=1.0), room.over("pc-4", grab=1.0), frames=3)
    room.step(room.over("pc-4"), room.over("pc-4", grab=1.0), frames=3)
    assert list(room.kept) == ["pc-4"]


def test_the_menu_button_opens_and_closes_the_menu() -> None:
    room = Room()
    hand = dataclasses.replace(NOWHERE, menu=True)
    room.step(left=hand, frames=30)
    assert MENU in room.scene.panels.placements
    room.step(left=NOWHERE, frames=5)
    room.step(left=hand)
    assert MENU not in room.scene.panels.placements


def test_buttons_of_the_menu_are_told_once() -> None:
    room = Room()
    room.step(left=dataclasses.replace(NOWHERE, menu=True))
    room.step(room.on(MENU, MenuAction.MUTE), frames=60)
    assert room.scene.hovered(MENU) == {"mute"}
    room.step(room.on(MENU, MenuAction.MUTE, select=1.0), frames=10)
    room.step(room.on(MENU, MenuAction.MUTE), frames=10)
    assert room.chosen == ["mute"]
    assert room.focused == []


def test_a_panel_can_be_moved_too() -> None:
    room = Room()
    room.step(left=dataclasses.replace(NOWHERE, menu=True))
    before = room.scene.panels.placements[MENU]
    room.step(room.over(MENU), frames=60)
    room.step(room.over(MENU, grab=1.0), frames=3)
    room.step(aimed(Vector(0.5, 0.2, -0.6), grab=1.0), frames=60)
    assert room.scene.panels.placements[MENU] != before
    room.step(NOWHERE)
    assert room.kept == {}


def test_a_grip_on_a_menu_that_closes_in_the_same_frame_takes_nothing() -> None:
    room = Room()
    room.step(left=dataclasses.replace(NOWHERE, menu=True))
    room.step(room.over(MENU), NOWHERE, frames=60)
    room.step(room.over(MENU, grab=1.0, menu=True), dataclasses.replace(NOWHERE, menu=False))
    assert MENU not in room.scene.panels.placements


def test_two_hands_type_on_the_keyboard_and_the_mouse_stays_with_its_owner() -> None:
    room = Room()
    room.scene.focus("pc-4")
    room.scene.toggle_keyboard()
    for letter in ("KeyL", "KeyO"):
        left = room.on(KEYBOARD, letter) if letter == "KeyO" else NOWHERE
        right = room.on(KEYBOARD, letter) if letter == "KeyL" else NOWHERE
        room.step(right, left, frames=60)
        pressing = [dataclasses.replace(hand, select=float(hand is not NOWHERE)) for hand in (right, left)]
        room.step(pressing[0], pressing[1], frames=5)
        room.step(right, left, frames=5)
    assert [(message.code, message.down) for _, message in room.take(Key) if isinstance(message, Key)] == [
        ("KeyL", True), ("KeyL", False), ("KeyO", True), ("KeyO", False),
    ]  # fmt: skip
    assert room.scene.hands.owner is RIGHT


def test_the_keyboard_hides_itself_and_when_no_machine_is_in_front() -> None:
    room = Room()
    room.scene.focus("pc-4")
    room.scene.toggle_keyboard()
    room.step(room.on(KEYBOARD, HIDE), frames=60)
    room.step(room.on(KEYBOARD, HIDE, select=1.0), frames=3)
    assert not room.scene.keyboard_open
    room.scene.toggle_keyboard()
    assert room.scene.keyboard_open
    room.scene.focus(None)
    assert not room.scene.keyboard_open


def test_another_page_shows_its_screens_and_holds_nothing_of_the_one_before() -> None:
    room = Room(12)
    assert room.shown == [tuple(f"pc-{number}" for number in range(9))]
    room.step(room.over("pc-4"), frames=3)
    room.step(room.over("pc-4", select=1.0), frames=3)
    room.scene.turn_page(1)
    assert room.shown[-1] == ("pc-9", "pc-10", "pc-11")
    assert room.held["pc-4"] == set()
    room.scene.turn_page(1)
    room.step(room.over("pc-9", select=1.0), frames=3)


def test_the_page_of_a_machine_that_comes_to_the_front_is_opened() -> None:
    room = Room(12)
    room.scene.focus("pc-10")
    assert "pc-10" in room.shown[-1]


def test_a_machine_that_goes_away_is_no_longer_in_front() -> None:
    room = Room()
    room.scene.focus("pc-8")
    room.scene.set_screens([Screen(id=f"pc-{number}") for number in range(3)])
    assert room.scene.guests.front == ""
    assert list(room.scene.arrangement.placements) == ["pc-0", "pc-1", "pc-2"]


def test_screens_of_no_size_have_the_shape_of_the_wall() -> None:
    assert Screen(id="pc", size_px=(0, 0)).aspect == pytest.approx(4 / 3)
    assert Screen(id="pc", size_px=(800, 400)).aspect == 2.0


actions = st.tuples(
    st.sampled_from(["pc-0", "pc-4", "pc-8", KEYBOARD, MENU, ""]), st.floats(0, 1), st.floats(0, 1),
    st.sampled_from([0.0, 0.4, 1.0]), st.booleans(), st.sampled_from([0.0, 0.0, 1.0]), st.booleans(), st.booleans(),
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(st.tuples(actions, actions, st.integers(0, 9)), max_size=12))
def test_whatever_hands_do_nothing_stays_down_and_no_screen_is_lost(steps: list[tuple[tuple, tuple, int]]) -> None:  # type: ignore[type-arg]
    room = Room(12)

    def hand(action: tuple) -> HandState:  # type: ignore[type-arg]
        name, u, v, select, secondary, grab, menu, there = action
        if not there:
            return ABSENT
        more = {"select": select, "secondary": secondary, "grab": grab, "menu": menu}
        known = name in room.scene.arrangement.placements or name in room.scene.panels.placements
        return room.over(name, u, v, **more) if known else dataclasses.replace(NOWHERE, **more)

    for right, left, what in steps:
        room.step(hand(right), hand(left), frames=4)
        match what:
            case 0:
                room.scene.toggle_keyboard()
            case 1:
                room.scene.turn_page(1)
            case 2:
                room.scene.turn_page(-1)
            case 3:
                room.scene.focus("pc-4", near=True)
            case 4:
                room.scene.put_back()
    room.scene.let_go()
    room.step(frames=200)
    assert not any(room.held.values())
    for placement in room.scene.arrangement.placements.values():
        assert all(math.isfinite(number) for number in placement.pose.position)
