"""The wall of a session with a real feed, and a runtime whose hands a test moves."""

import dataclasses
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import numpy as np
import pytest

from backend.contract.control import PointerMode
from backend.contract.input import FULL_SCALE, Button, MoveBy, MoveTo, ReleaseAll
from loco_kiosk.client.tile import TileState
from loco_kiosk.client.vr_messages import (
    Control,
    Focus,
    FromVr,
    Input,
    Pointers,
    Roster,
    ScreenView,
    SoundState,
    Visible,
    from_vr_from_line,
    to_line,
)
from loco_kiosk.media.frames import FrameTiming
from loco_kiosk.media.shared_wall import SharedWall, create
from loco_kiosk.media.shared_writer import PictureWriter
from tests.vr.panels.reading import reading
from tests.vr.scene.hands import aimed, at
from tests.vr.stage.canvases import CanvasOfMemory, Workshop
from vr.feed.feed import Feed
from vr.openxr.phase import Phase
from vr.scene.controllers import ABSENT, Hand, HandState
from vr.scene.geometry import ORIGIN, Placement, Vector
from vr.scene.layer import Layer
from vr.scene.layout import wall
from vr.scene.menu import MenuAction, MenuModel
from vr.scene.panels import MENU
from vr.settings import VrSettings
from vr.wall import Memory, WallLoop

NOWHERE = aimed(Vector(0.0, 9.0, 0.0))


class Headset:
    """What the wall sees of a runtime."""

    def __init__(self) -> None:
        self.workshop = Workshop()
        self.graphics = SimpleNamespace(canvas=lambda _session, width, height: self.workshop.make(width, height))
        self.session = None
        self.bends = True
        self.layer_limit = 16
        self.passthrough = SimpleNamespace(on=False)
        self.meter = SimpleNamespace(last={"work_p95_ms": 2.0})
        self.hands: dict[Hand, HandState] = {}
        self.ticks = 0
        self.recentred = 0

    def head(self, frame: object) -> object:
        return ORIGIN

    def read_hands(self, frame: object) -> dict[Hand, HandState]:
        return self.hands

    def tick(self, hand: Hand) -> None:
        self.ticks += 1

    def recentre(self, frame: object) -> bool:
        self.recentred += 1
        return True


class Session:
    """A wall, the feed's other end, and the headset."""

    def __init__(self, state: Path, memory: Memory | None = None) -> None:
        self.shared = create()
        near, self._far = socket.socketpair()
        self._far.setblocking(False)
        self.feed = Feed(near, self.shared)
        self.pictures = PictureWriter(SharedWall(self.shared))
        self.headset = Headset()
        self.memory = memory or Memory()
        self.settings = VrSettings(state_directory=state, sound=False)
        self.wall = self.new_wall()
        self.phase = Phase.FOCUSED
        self._rest = b""

    def new_wall(self) -> WallLoop:
        headset: Any = self.headset
        return WallLoop(headset, feed=self.feed, settings=self.settings, memory=self.memory)

    def say(self, *messages: Any) -> None:
        self._far.sendall(b"".join(map(to_line, messages)))
        self.feed.poll()

    def roster(self, count: int = 9, **more: Any) -> tuple[ScreenView, ...]:
        screens = tuple(screen(slot, **more) for slot in range(count))
        self.say(Roster(screens))
        return screens

    def show(self, slot: int) -> None:
        frame = av.VideoFrame.from_ndarray(np.full((480, 640, 3), 50 + slot, np.uint8), format="rgb24")
        now_us = time.monotonic_ns() // 1000
        self.pictures.write(slot, 1, frame.reformat(format="yuv420p"), FrameTiming(0, now_us, now_us, now_us))

    def frame(self, *, recentred: bool = False) -> list[Layer]:
        self.feed.poll()
        news: Any = SimpleNamespace(phase=self.phase, worn=True, recentred=recentred)
        frame: Any = SimpleNamespace()
        return self.wall.frame(frame, news)

    def frames(self, seconds: float) -> list[Layer]:
        """Frames for a while: the wall has a clock of its own."""
        until_s = time.monotonic() + seconds
        while time.monotonic() < until_s:
            layers = self.frame()
            time.sleep(0.004)  # the headset's own pace
        return layers

    def hold(self, right: HandState = ABSENT, left: HandState = ABSENT) -> None:
        self.headset.hands = {Hand.RIGHT: right, Hand.LEFT: left}

    def said(self) -> list[FromVr]:
        self.feed.poll()
        try:
            self._rest += self._far.recv(1 << 20)
        except BlockingIOError:
            return []
        *lines, self._rest = self._rest.split(b"\n")
        return [message for line in lines if (message := from_vr_from_line(line)) is not None]

    def close(self) -> None:
        self.wall.close()
        self.feed.close()
        self._far.close()
        os.close(self.shared)


def screen(slot: int, **more: Any) -> ScreenView:
    fields = {
        "place": slot, "tenancy": 1, "slot": slot, "id": f"pc-{slot}", "name": f"PC {slot + 1}",
        "state": TileState.LIVE, "width_px": 640, "height_px": 480,
    }  # fmt: skip
    return ScreenView(**{**fields, **more})


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = Session(tmp_path)
    yield made
    made.close()
    assert made.headset.workshop.open == []


def placements(count: int = 9) -> list[Placement]:
    return [spot.placement(4 / 3) for spot in wall(count)]


def screens_of(layers: list[Layer]) -> list[Layer]:
    return [layer for layer in layers if layer.placement in placements()]


def click(session: Session, slot: int) -> None:
    session.hold(at(placements()[slot], 0.5, 0.5))
    session.frames(0.1)
    session.hold(at(placements()[slot], 0.5, 0.5, select=1.0))
    session.frames(0.05)
    session.hold(at(placements()[slot], 0.5, 0.5))
    session.frames(0.05)


def test_nine_pictures_are_nine_layers_in_their_places(session: Session) -> None:
    session.roster()
    for slot in range(9):
        session.show(slot)
    layers = screens_of(session.frames(0.1))
    assert [layer.placement for layer in layers] == placements()
    assert {(layer.canvas.width_px, layer.canvas.height_px) for layer in layers} == {(640, 480)}
    assert [message.ids for message in session.said() if isinstance(message, Visible)] == [
        tuple(f"pc-{slot}" for slot in range(9))
    ]


def test_a_picture_that_comes_between_two_frames_is_uploaded_then(session: Session) -> None:
    session.roster()
    session.frame()
    before = session.headset.workshop.uploads
    session.show(3)
    assert session.wall.meanwhile()
    assert not session.wall.meanwhile()
    assert session.headset.workshop.uploads == before + 1
    session.wall.rest()
    session.show(3)
    assert not session.wall.meanwhile()


def test_nothing_is_uploaded_and_no_canvas_made_while_nothing_changes(session: Session) -> None:
    session.roster()
    for slot in range(9):
        session.show(slot)
    session.frames(0.2)
    workshop = session.headset.workshop
    uploads, made = workshop.uploads, len(workshop.made)
    before = session.frame()
    after = session.frames(0.1)
    assert (workshop.uploads, len(workshop.made)) == (uploads, made)
    assert [layer.placement for layer in before] == [layer.placement for layer in after]
    assert all(a.placement is b.placement for a, b in zip(screens_of(before), screens_of(after), strict=True))


@pytest.mark.parametrize("state", [state for state in TileState if not state.playable and state != "stale"])
def test_a_screen_without_a_picture_of_its_own_says_why(session: Session, state: TileState) -> None:
    session.roster(state=state, reason="There is a reason.")
    session.show(0)
    layers = screens_of(session.frames(0.6))
    assert len(layers) == 9
    shown = layers[0].canvas
    assert isinstance(shown, CanvasOfMemory)
    assert shown.pixels is not None
    assert len(np.unique(shown.pixels)) > 10


def test_a_live_screen_whose_first_picture_is_on_the_way_says_so(session: Session) -> None:
    with reading() as written:
        session.roster(1, name="One that is on the way")
        session.frames(0.1)
    assert "Its picture is on the way." in {one.shown for one in written}


def test_a_stale_picture_is_still_shown(session: Session) -> None:
    session.roster(1, state=TileState.STALE)
    session.show(0)
    layers = session.frames(0.1)
    pixels = [layer.canvas.pixels for layer in layers if isinstance(layer.canvas, CanvasOfMemory)]
    assert any(shown is not None and np.ptp(shown[..., :3]) < 5 for shown in pixels)


def test_without_machines_a_sentence_says_so(session: Session) -> None:
    layers = session.frames(0.1)
    assert len(layers) == 2  # the surround and the sentence
    session.headset.passthrough.on = True
    assert len(session.frame()) == 1


def test_a_click_reaches_the_guest_within_a_pixel(session: Session) -> None:
    session.roster()
    click(session, 5)
    said = session.said()
    assert [message for message in said if isinstance(message, Focus)] == [Focus("pc-5")]
    buttons = [message.message for message in said if isinstance(message, Input) and message.id == "pc-5"]
    down, up = (message for message in buttons if isinstance(message, Button))
    assert (down.down, up.down) == (True, False)
    assert down.position == up.position
    assert down.position is not None
    assert down.position[0] / FULL_SCALE * 640 == pytest.approx(320, abs=1)
    assert down.position[1] / FULL_SCALE * 480 == pytest.approx(240, abs=1)
    pointers = [message for message in said if isinstance(message, Pointers)]
    assert any(pointer.pressed for message in pointers for pointer in message.pointers)
    assert session.headset.ticks == 1


def test_the_machine_in_front_of_the_desktop_comes_to_the_front_here(session: Session) -> None:
    session.roster()
    session.say(Focus("pc-2"))
    session.hold(at(placements()[2], 0.25, 0.5))
    session.frames(0.05)
    assert {message.id for message in session.said() if isinstance(message, Input)} == {"pc-2"}
    session.say(Focus(None))
    session.hold(at(placements()[2], 0.5, 0.5))
    session.frames(0.1)
    assert not [message for message in session.said() if isinstance(message, Input)]


def test_a_relative_guest_gets_movements(session: Session) -> None:
    session.roster(pointer=PointerMode.RELATIVE)
    session.say(Focus("pc-4"))
    session.hold(at(placements()[4], 0.25, 0.5))
    session.frames(0.05)
    session.hold(at(placements()[4], 0.5, 0.5))
    session.frames(0.5)
    kinds = {type(message.message) for message in session.said() if isinstance(message, Input)}
    assert kinds == {MoveBy}
    assert MoveTo not in kinds


@pytest.mark.parametrize("way", ["phase", "rest", "recentred", "close"])
def test_what_is_held_goes_up_when_the_session_or_the_wearer_goes(session: Session, way: str) -> None:
    session.roster()
    session.hold(at(placements()[4], 0.5, 0.5))
    session.frame()
    session.hold(at(placements()[4], 0.5, 0.5, select=1.0))
    session.frame()
    session.frame()
    session.said()
    match way:
        case "phase":
            session.phase = Phase.VISIBLE
            session.frame()
        case "rest":
            session.wall.rest()
        case "recentred":
            session.frame(recentred=True)
        case "close":
            session.wall.close()
            session.wall = session.new_wall()
    inputs = [message.message for message in session.said() if isinstance(message, Input)]
    assert any(isinstance(message, ReleaseAll) for message in inputs)


def press_in_menu(session: Session, action: MenuAction) -> None:
    if MENU not in session.wall._scene.panels.placements:  # where the menu hangs is the scene's to know
        session.hold(left=dataclasses.replace(NOWHERE, menu=True))
        session.frames(0.05)
        session.hold()
        session.frame()
    field = next(field for field in MenuModel().buttons if field.name == action)
    menu = session.wall._scene.panels.placements[MENU]
    u, v = field.x + field.width / 2, field.y + field.height / 2
    for select in (0.0, 1.0, 0.0):
        session.hold(at(menu, u, v, select=select))
        session.frames(0.3)


def test_the_menu_leaves_only_when_it_is_sure(session: Session) -> None:
    session.roster()
    press_in_menu(session, MenuAction.LEAVE)
    assert not session.wall.wants_out
    press_in_menu(session, MenuAction.LEAVE)
    assert session.wall.wants_out


def test_the_menu_recentres_shows_figures_and_changes_the_sound(session: Session) -> None:
    session.roster()
    session.say(SoundState(0.5, False, False))
    press_in_menu(session, MenuAction.RECENTRE)
    assert session.headset.recentred == 1
    press_in_menu(session, MenuAction.MUTE)
    assert SoundState(0.5, True, False) in session.said()
    before = len(session.frame())
    press_in_menu(session, MenuAction.STATISTICS)
    assert len(session.frame()) == before + 1


def controls(session: Session) -> list[Control]:
    return [message for message in session.said() if isinstance(message, Control)]


def test_a_press_asks_for_keyboard_and_mouse_and_another_focus_gives_them_back(session: Session) -> None:
    session.roster()
    session.say(Focus("pc-1"))
    session.frames(0.05)
    assert controls(session) == []
    click(session, 1)
    assert controls(session) == [Control("pc-1", wanted=True)]
    session.say(Focus(None))
    session.frames(1.0)
    assert controls(session) == [Control("pc-1", wanted=False)]


def test_who_takes_the_headset_off_gives_the_mouse_back(session: Session) -> None:
    session.roster()
    click(session, 1)
    session.wall.rest()
    assert controls(session) == [Control("pc-1", wanted=True), Control("pc-1", wanted=False)]
    assert session.said() == []


def test_while_nobody_looks_no_pictures_are_made_and_the_same_ones_come_back(session: Session) -> None:
    session.roster()
    session.frame()
    (shown,) = {message.ids for message in session.said() if isinstance(message, Visible)}
    session.wall.rest()
    assert session.said() == [Visible(())]
    session.frame()
    assert session.said() == [Visible(shown)]


def test_the_menu_gives_the_mouse_back(session: Session) -> None:
    session.roster(mine=True)
    click(session, 1)
    press_in_menu(session, MenuAction.RELEASE)
    assert controls(session) == [Control("pc-1", wanted=True), Control("pc-1", wanted=False)]


def test_layers_stay_within_what_the_runtime_takes(session: Session) -> None:
    session.headset.layer_limit = 12
    session.roster()
    session.say(Focus("pc-4"))
    session.hold(at(placements()[4], 0.5, 0.5), dataclasses.replace(at(placements()[5], 0.5, 0.5), menu=True))
    layers = session.frames(0.6)
    assert len(layers) == 12
    assert len(screens_of(layers)) == 9


def test_a_place_that_the_wearer_chose_outlives_session_and_program(session: Session, tmp_path: Path) -> None:
    session.roster()
    session.hold(at(placements()[0], 0.5, 0.5))
    session.frames(0.05)
    session.hold(at(placements()[0], 0.5, 0.5, grab=1.0))
    session.frames(0.05)
    session.hold(aimed(Vector(0.3, 0.5, -2.0), grab=1.0))
    session.frames(0.5)
    session.hold()
    session.frame()
    moved = session.wall._scene.arrangement.spot("pc-0")
    for memory in (session.memory, None):
        other = Session(tmp_path, memory)
        other.roster()
        other.frame()
        assert other.wall._scene.arrangement.spot("pc-0") == pytest.approx(moved)
        other.close()


def test_figures_tell_of_pictures_and_sound(session: Session) -> None:
    session.roster()
    for _ in range(3):
        session.show(0)
        session.frame()
    figures = session.wall.figures()
    assert (figures["offered"], figures["uploads"], figures["sound"]) == (3, 3, 0.0)
    assert 0 <= figures["age_p95_ms"] < 1000
