import pytest

from backend.contract.input import InputMessage
from loco_kiosk.client.vr_messages import SoundState
from tests.vr.scene.room import Room
from vr.scene.controllers import ABSENT, Hand
from vr.scene.geometry import ORIGIN
from vr.scene.menu import MenuAction, MenuModel
from vr.scene.panels import MENU
from vr.stage.choices import Choices


class Feed:
    def __init__(self) -> None:
        self.sound = SoundState(0.5, False, False)
        self.said: list[tuple[str, str]] = []
        self.sent: list[InputMessage] = []

    def set_sound(self, volume: float, *, muted: bool, mono: bool) -> None:
        self.sound = SoundState(volume, muted, mono)

    def recover(self, id: str, level: str = "reset") -> None:  # noqa: A002 - the wire's word
        self.said.append((level, id))


class Wrist:
    def __init__(self, count: int = 12) -> None:
        self.feed = Feed()
        self.room = Room(count)
        self.choices = Choices(self.feed)

    def choose(self, *actions: MenuAction) -> None:
        for action in actions:
            self.choices.choose(action, self.room.scene)


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        ([MenuAction.QUIETER], SoundState(0.4, False, False)),
        ([MenuAction.LOUDER] * 7, SoundState(1.0, False, False)),
        ([MenuAction.QUIETER] * 7, SoundState(0.0, False, False)),
        ([MenuAction.MUTE], SoundState(0.5, True, False)),
        ([MenuAction.MUTE, MenuAction.MUTE], SoundState(0.5, False, False)),
        ([MenuAction.MUTE, MenuAction.LOUDER], SoundState(0.6, False, False)),
        ([MenuAction.MUTE, MenuAction.QUIETER], SoundState(0.4, True, False)),
        ([MenuAction.MONO], SoundState(0.5, False, True)),
        ([MenuAction.MONO, MenuAction.MONO], SoundState(0.5, False, False)),
    ],
)
def test_sound_does_what_the_buttons_say(actions: list[MenuAction], expected: SoundState) -> None:
    wrist = Wrist()
    wrist.choose(*actions)
    assert wrist.feed.sound == expected


def test_what_cannot_be_taken_back_is_asked_for_twice() -> None:
    wrist = Wrist()
    wrist.choose(MenuAction.LEAVE)
    assert wrist.choices.confirm is MenuAction.LEAVE
    assert not wrist.choices.leave
    wrist.choose(MenuAction.MUTE, MenuAction.LEAVE)
    assert not wrist.choices.leave
    wrist.choose(MenuAction.LEAVE)
    assert wrist.choices.leave


def test_the_machine_in_front_can_be_started_anew() -> None:
    wrist = Wrist()
    wrist.choose(MenuAction.RECOVER, MenuAction.RECOVER)
    assert wrist.feed.said == []
    wrist.room.scene.focus("pc-2")
    wrist.choose(MenuAction.RECOVER, MenuAction.RECOVER)
    assert wrist.feed.said == [("reset", "pc-2")]


def test_who_gives_the_mouse_back_leaves_nothing_down() -> None:
    wrist = Wrist()
    wrist.room.scene.focus("pc-2")
    wrist.room.scene.guests.type([("KeyA", True)])
    wrist.choose(MenuAction.RELEASE)
    assert wrist.room.held["pc-2"] == set()


def test_buttons_about_the_room_change_the_room() -> None:
    wrist = Wrist()
    scene = wrist.room.scene
    scene.focus("pc-2")
    wrist.choose(MenuAction.FOCUS)
    assert scene.near
    wrist.choose(MenuAction.FOCUS, MenuAction.KEYBOARD)
    assert (scene.near, scene.keyboard_open) == (False, True)
    wrist.choose(MenuAction.PAGE_DOWN)
    assert scene.pages.page == 1
    wrist.choose(MenuAction.PAGE_UP, MenuAction.PUT_BACK)
    assert scene.pages.page == 0
    scene.panels.open_menu(ABSENT, ORIGIN)
    wrist.choose(MenuAction.CLOSE)
    assert MENU not in scene.panels.placements


def test_switches_that_others_read() -> None:
    wrist = Wrist()
    wrist.choose(MenuAction.STATISTICS, MenuAction.RECENTRE)
    assert (wrist.choices.statistics, wrist.choices.recentre) == (True, True)
    wrist.choose(MenuAction.STATISTICS)
    assert not wrist.choices.statistics


def test_every_button_of_the_menu_can_be_pressed() -> None:
    wrist = Wrist()
    for action in MenuAction:
        wrist.choose(action, action)
    assert len(MenuModel().buttons) == len(MenuAction)
    assert wrist.room.scene.hands.owner is Hand.RIGHT
