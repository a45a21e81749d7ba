"""The room: what the hands do to screens, panels and guests. One step a frame; nothing here draws or waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from backend.contract.input import InputMessage
from vr.scene import keyboard
from vr.scene.arrangement import Arrangement, Shown
from vr.scene.button import Button
from vr.scene.button import at as button_at
from vr.scene.controllers import Hand, HandState
from vr.scene.geometry import ORIGIN, Placement, Pose
from vr.scene.grab import Grab, Grip
from vr.scene.guests import Guests
from vr.scene.hands import Hands
from vr.scene.keyboard import KeyboardModel
from vr.scene.pages import Pages
from vr.scene.panels import KEYBOARD, MENU, Panels, hovered
from vr.scene.pointer import Pointing, Press, Surface
from vr.scene.spot import CELL_ASPECT, Spot

_LONGEST_STEP_S = 0.1
"""After a pause a stick that is pushed must not turn the wheel by the whole pause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What the scene must know of a machine."""

    id: str
    playable: bool = True
    """Whether its picture is its own, now, and takes input."""
    relative: bool = False
    """Whether its mouse takes movements."""
    size_px: tuple[int, int] = (640, 480)

    @property
    def aspect(self) -> float:
        """Width by height; a picture of no size is as the wall's places are."""
        width, height = self.size_px
        return width / height if width and height else CELL_ASPECT


class Outside(Protocol):
    """What the scene asks of the rest of the program."""

    def send(self, id: str, message: InputMessage) -> None:  # noqa: A002 - the wire's word
        """Keyboard and mouse for a guest."""

    def focus_on(self, id: str | None) -> None:  # noqa: A002
        """Another machine came to the front."""

    def show(self, ids: Sequence[str]) -> None:
        """These machines are seen now."""

    def keep(self, spots: Mapping[str, Spot]) -> None:
        """The wearer has put screens there."""

    def choose(self, button: str) -> None:
        """A button of the wrist menu that is not about the scene."""

    def tick(self, hand: Hand) -> None:
        """A short vibration."""


class Scene:
    """Owns pages, places, hands and panels. Times in seconds."""

    def __init__(self, outside: Outside, arrangement: Arrangement, *, hand: Hand = Hand.RIGHT) -> None:
        self._outside = outside
        self.arrangement = arrangement
        self.pages = Pages()
        self.panels = Panels()
        self.keyboard = KeyboardModel()
        self.guests = Guests(outside.send)
        self.hands = Hands(hand)
        self.near = False
        """Whether the screen in focus hangs near."""
        self._screens: Mapping[str, Screen] = {}
        self._shown: tuple[str, ...] = ()
        self._grips = {side: Grip() for side in Hand}
        self._grabs: dict[Hand, Grab] = {}
        self._menu_down = dict.fromkeys(Hand, False)
        self._typing: dict[Hand, str] = {}
        self._over: dict[Hand, str] = {}
        self._buttons: Mapping[str, Sequence[Button]] = {KEYBOARD: keyboard.BUTTONS}
        self._last_s = 0.0

    @property
    def keyboard_open(self) -> bool:
        """Whether the keyboard hangs in the room."""
        return KEYBOARD in self.panels.placements

    # What the rest of the program tells

    def set_screens(self, screens: Sequence[Screen]) -> None:
        """All machines, by slot."""
        self._screens = {screen.id: screen for screen in screens}
        self.pages.set([screen.id for screen in screens])
        if self.guests.front and self.guests.front not in self._screens:
            self.focus(None)
        self._arrange()

    def focus(self, id: str | None, *, near: bool | None = None) -> None:  # noqa: A002
        """Bring a machine to the front, or none; ``near`` also brings it near, or puts it back."""
        if (id or "") != self.guests.front:
            self.guests.type(self.keyboard.release_all())
            self._typing.clear()
            self.guests.bring(id or "")
            self.pages.open(id or "")
            if id is None:
                self.panels.close(KEYBOARD)
        self.near = bool(id) and (self.near if near is None else near)
        self._arrange()

    def turn_page(self, pages: int) -> None:
        """Show another page; what is held in the guest in front goes up, since it goes out of sight."""
        if self.pages.turn(pages):
            self.let_go()
            self._arrange()

    def let_go(self) -> None:
        """The session, the hands or the page are gone: everything goes up, and grabbed things stay where they are."""
        self.guests.type(self.keyboard.release_all())
        self._typing.clear()
        self.guests.release_all()
        for hand in list(self._grabs):
            self._drop(hand)

    def put_back(self) -> None:
        """Every screen to its place on the wall."""
        for hand in list(self._grabs):
            self._drop(hand)
        self.arrangement.put_back()
        self._outside.keep(self.arrangement.chosen)

    def toggle_keyboard(self) -> None:
        """Take the keyboard out, or put it away."""
        if self.keyboard_open:
            self.guests.type(self.keyboard.release_all())
            self._typing.clear()
            self.panels.close(KEYBOARD)
        else:
            front = self.guests.front
            self.panels.open_keyboard(self.arrangement.spot(front) if front in self._shown else None)

    # One frame

    def step(
        self,
        states: Mapping[Hand, HandState],
        head: Pose | None,
        menu_buttons: Sequence[Button],
        now_s: float,
    ) -> None:
        """What the hands do in this frame."""
        elapsed, self._last_s = min(now_s - self._last_s, _LONGEST_STEP_S), now_s
        self._buttons = {KEYBOARD: keyboard.BUTTONS, MENU: menu_buttons}
        self.hands.step(states, self._surfaces(), now_s)
        for hand, pointing in self.hands.pointing.items():
            self._menu_button(hand, head)
            self._grip(hand, pointing, elapsed)
            if hand not in self._grabs:
                self._hover(hand, pointing)
                for press in pointing.presses:
                    self._press(hand, pointing, press, now_s)
        self._mouse(elapsed, now_s)
        self.arrangement.step(now_s, still=self.hands.busy or bool(self._grabs))

    def hovered(self, name: str) -> frozenset[str]:
        """Buttons of a panel that are pointed at."""
        return hovered(name, self._buttons.get(name, ()), self.hands.pointing.values())

    def drawn(self) -> list[tuple[str, Placement]]:
        """The screens of the page in the order of drawing: the one in focus on top."""
        placements = self.arrangement.placements
        return sorted(placements.items(), key=lambda item: item[0] == self.guests.front)

    def _surfaces(self) -> list[Surface]:
        return [*self.panels.surfaces, *(Surface(*screen) for screen in reversed(self.drawn()))]

    def _arrange(self) -> None:
        shown = self.pages.shown
        screens = [Shown(name, self._screens[name].aspect) for name in shown]
        self.arrangement.show(screens, self.guests.front if self.near else None)
        if shown != self._shown:
            self._shown = shown
            self._outside.show(shown)

    # Hands

    def _menu_button(self, hand: Hand, head: Pose | None) -> None:
        state = self.hands.state(hand)
        before, self._menu_down[hand] = self._menu_down[hand], state.menu
        if not state.menu or before:
            return
        if MENU in self.panels.placements:
            self.panels.close(MENU)
        else:
            self.panels.open_menu(state, head)
        self._outside.tick(hand)

    def _grip(self, hand: Hand, pointing: Pointing, elapsed_s: float) -> None:
        state = self.hands.state(hand)
        closed = self._grips[hand].step(state)
        if closed and pointing.ray is not None and not pointing.held and self._free(pointing.on):
            spot, anchor, placement = self._place(pointing.on)
            self._grabs[hand] = Grab(pointing.on, spot, placement, pointing.ray, anchor)
            self._outside.tick(hand)
        grab = self._grabs.get(hand)
        if grab is None:
            return
        if not self._hangs(grab.name) or pointing.ray is None or not self._grips[hand].closed:
            self._drop(hand)
            return
        self._move(grab.name, grab.step(pointing.ray, state.stick, elapsed_s))

    def _hangs(self, name: str) -> bool:
        """Whether it is there: the other hand may have closed it, or turned the page, in this very frame."""
        return name in self.panels.placements or name in self._shown

    def _free(self, name: str) -> bool:
        """Whether a hand may take it."""
        return self._hangs(name) and name not in {grab.name for grab in self._grabs.values()}

    def _place(self, name: str) -> tuple[Spot, Pose, Placement]:
        if name in self.panels.placements:
            return *self.panels.spot(name), self.panels.placements[name]
        return self.arrangement.spot(name), ORIGIN, self.arrangement.placements[name]

    def _move(self, name: str, spot: Spot) -> None:
        if name in self.panels.placements:
            self.panels.put(name, spot, self.panels.spot(name)[1])
        else:
            self.arrangement.choose(name, spot)

    def _drop(self, hand: Hand) -> None:
        if self._grabs.pop(hand).name not in (MENU, KEYBOARD):
            self._outside.keep(self.arrangement.chosen)

    def _hover(self, hand: Hand, pointing: Pointing) -> None:
        button = button_at(self._buttons[pointing.on], pointing.u, pointing.v) if pointing.on in self._buttons else ""
        over = f"{pointing.on}{button}"
        if over != self._over.get(hand):
            self._over[hand] = over
            if button:
                self._outside.tick(hand)

    def _press(self, hand: Hand, pointing: Pointing, press: Press, now_s: float) -> None:
        if press.down:
            self._outside.tick(hand)
        if hand in self._typing and not press.down:
            self.guests.type(self.keyboard.release(self._typing.pop(hand)))
        elif not press.down:
            self._release(hand, pointing, press, now_s)
        elif pointing.on in self._buttons:
            self._press_button(hand, pointing.on, button_at(self._buttons[pointing.on], pointing.u, pointing.v))
        elif pointing.on in self._screens:
            self._press_screen(hand, pointing, press, now_s)
        elif self.near:
            self._pick(None)

    def _press_button(self, hand: Hand, panel: str, button: str) -> None:
        if not button:
            return
        if panel == MENU:
            self._outside.choose(button)
        elif button == keyboard.HIDE:
            self.toggle_keyboard()
        else:
            self._typing[hand] = button
            self.guests.type(self.keyboard.press(button))

    def _press_screen(self, hand: Hand, pointing: Pointing, press: Press, now_s: float) -> None:
        screen = self._screens[pointing.on]
        if self.hands.own(hand):
            self.guests.release_buttons()
        if screen.id != self.guests.front:
            self._pick(screen.id)
        if screen.playable:
            self._point(screen, pointing, now_s)
            self.guests.button(press.button, down=True, absolute=not screen.relative, now_s=now_s)

    def _release(self, hand: Hand, pointing: Pointing, press: Press, now_s: float) -> None:
        """A button goes up, also when the hand was lost and points nowhere."""
        screen = self._screens.get(self.guests.front)
        if screen is None or hand is not self.hands.owner:
            return
        if pointing.on == screen.id and screen.playable:
            self._point(screen, pointing, now_s)
        self.guests.button(press.button, down=False, absolute=not screen.relative, now_s=now_s)

    def _pick(self, id: str | None) -> None:  # noqa: A002
        self.focus(id, near=id is not None)
        self._outside.focus_on(id)

    # The mouse of the guest in front

    def _mouse(self, elapsed_s: float, now_s: float) -> None:
        owner = self.hands.owner
        pointing = self.hands.pointing[owner]
        screen = self._screens.get(self.guests.front)
        if screen is None or not screen.playable or pointing.on != screen.id or owner in self._grabs:
            self.guests.leave()
        else:
            self._point(screen, pointing, now_s)
            self.guests.wheel(self.hands.state(owner).stick, elapsed_s, now_s)
        self.guests.tick(now_s)

    def _point(self, screen: Screen, pointing: Pointing, now_s: float) -> None:
        self.guests.point(pointing.u, pointing.v, screen.size_px if screen.relative else None, now_s)
