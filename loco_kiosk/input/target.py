"""One guest as the kiosk's keyboard and mouse see it: numbers, what is held there, the sums of movements."""

from collections.abc import Callable

from backend.contract.input import Button, InputMessage, Key, MoveBy, MoveTo, ReleaseAll, Wheel
from loco_kiosk.input.ledger import Ledger
from loco_kiosk.input.pointer import Coalescer, wrapped

Send = Callable[[str, InputMessage], None]
"""Takes a message for one guest."""


class Target:
    """Makes the messages of one guest; everything that went down there goes up again. Times in microseconds."""

    def __init__(self, instance: str, send: Send) -> None:
        self._instance = instance
        self._send = send
        self._sequence = 0
        self._keys: Ledger[str] = Ledger()
        self._buttons: Ledger[int] = Ledger()
        self._moves = Coalescer()
        self._sums = (0.0, 0.0)
        self._relative = False

    @property
    def move_waits(self) -> bool:
        """Whether :meth:`send_due_move` has something to send when the interval is over."""
        return self._moves.waiting

    @property
    def dragging(self) -> bool:
        """Whether a mouse button is down in the guest."""
        return len(self._buttons) > 0

    def key(self, code: str, down: bool) -> int | None:
        """Move a key; the sequence number, None if it moved already."""
        if not (self._keys.press(code) if down else self._keys.release(code)):
            return None
        sequence = self._next()
        self._tell(Key(sequence, code, down))
        return sequence

    def move_to(self, x: int, y: int, now_us: int) -> None:
        """The pointer is at a fraction of the guest's picture."""
        self._set_relative(False)
        self._moves.put((x, y))
        self.send_due_move(now_us)

    def move_by(self, dx: float, dy: float, now_us: int) -> None:
        """The mouse moved."""
        self._set_relative(True)
        self._sums = (self._sums[0] + dx, self._sums[1] + dy)
        self._moves.put(self._sums)
        self.send_due_move(now_us)

    def send_due_move(self, now_us: int) -> None:
        """Send the movement that waited for the interval to pass."""
        self._send_move(self._moves.take(now_us))

    def button(self, button: int, down: bool, position: tuple[int, int] | None, now_us: int) -> bool:
        """A mouse button moves; ``position`` is None where the guest takes movements. False if it moved already."""
        if not (self._buttons.press(button) if down else self._buttons.release(button)):
            return False
        self._send_move(self._moves.flush(now_us))
        self._tell(Button(self._next(), button, down, position))
        return True

    def wheel(self, down: int, right: int, now_us: int) -> None:
        """The wheel turned by whole steps."""
        self._send_move(self._moves.flush(now_us))
        self._tell(Wheel(self._next(), down, right))

    def release_buttons(self) -> None:
        """The mouse goes to another hand: its buttons go up where they are, keys stay."""
        for button in self._buttons.clear():
            self._tell(Button(self._next(), button, down=False))

    def release_all(self) -> None:
        """Everything up, in one message; nothing is said where nothing is held."""
        self._moves.clear()
        held = len(self._keys) + len(self._buttons)
        self._keys.clear()
        self._buttons.clear()
        if held:
            self._tell(ReleaseAll(self._next()))

    def _set_relative(self, relative: bool) -> None:
        """What kind of movement follows; one of the other kind that waits has lost its meaning."""
        if relative is not self._relative:
            self._moves.clear()
            self._relative = relative

    def _send_move(self, value: tuple[float, float] | None) -> None:
        if value is None:
            return
        x, y = round(value[0]), round(value[1])
        self._tell(MoveBy(self._next(), wrapped(x), wrapped(y)) if self._relative else MoveTo(self._next(), x, y))

    def _next(self) -> int:
        self._sequence += 1
        return self._sequence

    def _tell(self, message: InputMessage) -> None:
        self._send(self._instance, message)
