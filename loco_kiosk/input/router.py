"""The way of every key and pointer event: hotkeys first, then the guest in front, else a command of the grid."""

from collections import Counter
from collections.abc import Callable, Iterable

from backend.contract.keys import BY_CODE
from loco_kiosk.input.grid_keys import GRID_COMMANDS
from loco_kiosk.input.hotkeys import MODIFIERS, Chord, Hotkeys
from loco_kiosk.input.ledger import Ledger
from loco_kiosk.input.pointer import Steps
from loco_kiosk.input.target import Send, Target

Heard = Callable[[Chord | None], None]

_ANY_MODIFIER = frozenset().union(*MODIFIERS.values())


class Router:
    """Owns what is held down where. Threading: the GUI thread only.

    ``send`` takes the messages of one guest, ``command`` the names of hotkeys and grid commands.
    """

    def __init__(self, hotkeys: Hotkeys, *, send: Send, command: Callable[[str], None]) -> None:
        self.hotkeys = hotkeys
        self.drops: Counter[str] = Counter()
        """Input that reached no guest, by cause."""
        self._send = send
        self._command = command
        self._targets: dict[str, Target] = {}
        self._focus = ""
        self._paused = False
        self._heard: Heard | None = None
        self._at_keyboard: Ledger[str] = Ledger()
        self._kept: set[str] = set()
        self._steps = Steps()

    @property
    def focus(self) -> str:
        """The guest that gets everything; empty in the grid."""
        return self._focus

    @property
    def to_guest(self) -> bool:
        """Whether keys and pointer go to a guest now."""
        return bool(self._focus) and not self._paused

    def set_focus(self, instance: str) -> None:
        """Another guest comes to the front, or none (empty); everything goes up in the one before."""
        if instance != self._focus:
            self._release_focused()
            self._focus = instance

    def set_paused(self, paused: bool) -> None:
        """A panel of the kiosk covers the guest, and needs the keys; everything goes up in the guest."""
        if paused and not self._paused:
            self._release_focused()
        self._paused = paused

    def release_all(self) -> None:
        """The window lost the keyboard: what is held will go up unseen."""
        for target in self._targets.values():
            target.release_all()
        self._at_keyboard.clear()
        self._kept.clear()

    def forget(self, instance: str) -> None:
        """The session of a guest ended: the streamer released its keys, and a new session counts from 0."""
        self._targets.pop(instance, None)

    # Keys

    def listen(self, heard: Heard | None) -> None:
        """Give the next chord that is pressed to ``heard``, and to nobody else; Esc alone means none."""
        self._heard = heard

    def key(self, code: str, down: bool) -> bool:
        """A key of the keyboard moved; False if it is nobody's, so that Qt may have it."""
        return self._key_down(code) if down else self._key_up(code)

    def key_to(self, instance: str, code: str, down: bool) -> int | None:
        """Move a key in one guest, whether it is in front or not; the sequence number, None if it moved already."""
        return self._target(instance).key(code, down)

    def type_chord(self, codes: Iterable[str]) -> bool:
        """Type keys that the window system would swallow, such as Ctrl+Alt+Del; False if no guest is in front."""
        chord = [code for code in codes if code in BY_CODE]
        if not self._focus:
            self.drops["no guest in front"] += 1
            return False
        self._target(self._focus).release_all()
        for code in chord:
            self.key_to(self._focus, code, down=True)
        for code in reversed(chord):
            self.key_to(self._focus, code, down=False)
        return True

    def _key_down(self, code: str) -> bool:
        if not self._at_keyboard.press(code):
            # Auto-repeat does not come here, so the window system swallowed a release.
            self._key_up(code)
            self._at_keyboard.press(code)
        if self._heard is not None:
            self._listen_to(code, self._heard)
            return True
        command = self.hotkeys.match(code, self._at_keyboard.held, zoomed=self.to_guest)
        if command:
            self._release_focused()
        elif self.to_guest:
            self.key_to(self._focus, code, down=True)
            return True
        elif not self._at_keyboard.held & _ANY_MODIFIER:
            command = GRID_COMMANDS.get(code, "")
        if command:
            self._kept.add(code)
            self._command(command)
        return bool(command)

    def _listen_to(self, code: str, heard: Heard) -> None:
        self._kept.add(code)
        if code in _ANY_MODIFIER:
            return
        self._heard = None
        chord = Chord.pressed(code, self._at_keyboard.held)
        heard(None if str(chord) == "Escape" else chord)

    def _key_up(self, code: str) -> bool:
        self._at_keyboard.release(code)
        if code in self._kept:
            self._kept.discard(code)
            return True
        if self._focus:
            self.key_to(self._focus, code, down=False)
        return self.to_guest

    # Pointer

    def move_to(self, x: int, y: int, now_us: int) -> None:
        """The pointer is at a fraction of the guest's picture."""
        if target := self._pointer_target():
            target.move_to(x, y, now_us)

    def move_by(self, dx: float, dy: float, now_us: int) -> None:
        """The mouse moved."""
        if target := self._pointer_target():
            target.move_by(dx, dy, now_us)

    @property
    def move_waits(self) -> bool:
        """Whether :meth:`send_due_move` has something to send when the interval is over."""
        return bool(self._focus) and self._target(self._focus).move_waits

    def send_due_move(self, now_us: int) -> None:
        """Send the movement that waited for the interval to pass."""
        if target := self._pointer_target():
            target.send_due_move(now_us)

    def button(self, button: int, down: bool, position: tuple[int, int] | None, now_us: int) -> bool:
        """A mouse button moved; ``position`` is None where the guest takes movements. False: not the guest's."""
        target = self._pointer_target()
        return target is not None and target.button(button, down, position, now_us)

    def button_held(self) -> bool:
        """Whether a drag in the guest is under way."""
        return bool(self._focus) and self._target(self._focus).dragging

    def wheel(self, down: int, right: int, now_us: int) -> None:
        """The wheel turned, in units of :class:`loco_kiosk.input.pointer.Steps`."""
        target = self._pointer_target()
        steps = self._steps.add(down, right)
        if target is not None and any(steps):
            target.wheel(*steps, now_us)

    def _pointer_target(self) -> Target | None:
        return self._target(self._focus) if self.to_guest else None

    def _target(self, instance: str) -> Target:
        if instance not in self._targets:
            self._targets[instance] = Target(instance, self._send)
        return self._targets[instance]

    def _release_focused(self) -> None:
        if self._focus:
            self._target(self._focus).release_all()
