"""A scene with everything outside of it: hands that a test moves, and guests that keep what they were told."""

from collections.abc import Mapping, Sequence

from backend.contract.input import Button, InputMessage, Key, ReleaseAll
from tests.vr.scene.hands import FRAME_S, aimed, at
from vr.scene.arrangement import Arrangement
from vr.scene.button import Button as Field
from vr.scene.controllers import ABSENT, Hand, HandState
from vr.scene.geometry import ORIGIN, Vector
from vr.scene.keyboard import BUTTONS
from vr.scene.menu import MenuModel
from vr.scene.panels import KEYBOARD
from vr.scene.scene import Scene, Screen
from vr.scene.spot import Spot

LEFT, RIGHT = Hand.LEFT, Hand.RIGHT
NOWHERE = aimed(Vector(0.0, 9.0, 0.0))


class Room:
    """A scene and everything outside of it."""

    def __init__(self, count: int = 9, **more: object) -> None:
        self.sent: list[tuple[str, InputMessage]] = []
        self.held: dict[str, set[object]] = {}
        self.focused: list[str | None] = []
        self.shown: list[tuple[str, ...]] = []
        self.kept: Mapping[str, Spot] = {}
        self.chosen: list[str] = []
        self.ticks = 0
        self.now_s = 0.0
        self.scene = Scene(self, Arrangement({}))
        self.scene.set_screens([Screen(id=f"pc-{number}", **more) for number in range(count)])  # type: ignore[arg-type]

    def send(self, id: str, message: InputMessage) -> None:  # noqa: A002 - the wire's word
        self.sent.append((id, message))
        held = self.held.setdefault(id, set())
        match message:
            case Key(code=item, down=down) | Button(button=item, down=down):
                assert (item in held) is not down
                held ^= {item}
            case ReleaseAll():
                held.clear()

    def focus_on(self, id: str | None) -> None:  # noqa: A002
        self.focused.append(id)

    def show(self, ids: Sequence[str]) -> None:
        self.shown.append(tuple(ids))

    def keep(self, spots: Mapping[str, Spot]) -> None:
        self.kept = dict(spots)

    def choose(self, button: str) -> None:
        self.chosen.append(button)

    def tick(self, hand: Hand) -> None:
        self.ticks += 1

    def step(self, right: HandState = ABSENT, left: HandState = ABSENT, frames: int = 1) -> None:
        for _ in range(frames):
            self.now_s += FRAME_S
            self.scene.step({LEFT: left, RIGHT: right}, ORIGIN, MenuModel().buttons, self.now_s)

    def over(self, name: str, u: float = 0.5, v: float = 0.5, **more: object) -> HandState:
        placements = {**self.scene.arrangement.placements, **self.scene.panels.placements}
        return at(placements[name], u, v, **more)

    def on(self, panel: str, button: str, **more: object) -> HandState:
        fields: Sequence[Field] = BUTTONS if panel == KEYBOARD else MenuModel().buttons
        field = next(field for field in fields if field.name == button)
        return self.over(panel, field.x + field.width / 2, field.y + field.height / 2, **more)

    def click(self, name: str, u: float = 0.5, v: float = 0.5) -> None:
        self.step(self.over(name, u, v), frames=60)
        self.step(self.over(name, u, v, select=1.0), frames=3)
        self.step(self.over(name, u, v), frames=3)

    def take(self, kind: type[InputMessage] | None = None) -> list[tuple[str, InputMessage]]:
        sent = [(name, message) for name, message in self.sent if kind is None or isinstance(message, kind)]
        self.sent.clear()
        return sent
