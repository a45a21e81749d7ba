"""The wrist menu: its buttons, and what they say for the state that they are about."""

import enum
from dataclasses import dataclass

from vr.scene.button import Button

COLUMNS, ROWS = 3, 5
ASPECT = 1.0
"""Width by height of the panel."""
HEAD = 0.14
"""Share of the height that the headline takes."""
_GAP = 0.02


class MenuAction(enum.StrEnum):
    """What a button does; its name is the button's."""

    FOCUS = "focus"
    """Bring the screen in focus near, or back to its place."""
    KEYBOARD = "keyboard"
    RELEASE = "release"
    """Give keyboard and mouse back, so that somebody else can take them."""
    QUIETER = "quieter"
    MUTE = "mute"
    LOUDER = "louder"
    MONO = "mono"
    STATISTICS = "statistics"
    RECENTRE = "recentre"
    PAGE_UP = "page_up"
    PAGE_DOWN = "page_down"
    PUT_BACK = "put_back"
    """Every screen to its place on the wall."""
    RECOVER = "recover"
    """Start the guest in focus anew."""
    CLOSE = "close"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuModel:
    """Everything that the menu shows; a new one whenever something of it changes."""

    focused: str = ""
    """Name of the screen in focus; empty for none."""
    near: bool = False
    mine: bool = False
    volume: float = 1.0
    muted: bool = False
    mono: bool = False
    page: int = 0
    pages: int = 1
    statistics: bool = False
    keyboard: bool = False
    moved: bool = False
    """Whether a screen hangs elsewhere than the wall has it."""
    confirm: MenuAction | None = None
    """The action that waits for a second press, since it cannot be taken back."""

    @property
    def title(self) -> str:
        """The headline."""
        page = f" \u00b7 page {self.page + 1} of {self.pages}" if self.pages > 1 else ""
        return (self.focused or "No screen in focus") + page

    @property
    def buttons(self) -> tuple[Button, ...]:
        """All of them, in the same places whatever the state."""
        return tuple(_button(index, action, self._label(action)) for index, action in enumerate(MenuAction))

    @property
    def on(self) -> frozenset[str]:
        """Names of the switches that are on."""
        states = {
            MenuAction.FOCUS: self.near,
            MenuAction.MUTE: self.muted,
            MenuAction.MONO: self.mono,
            MenuAction.STATISTICS: self.statistics,
            MenuAction.KEYBOARD: self.keyboard,
        }
        return frozenset(action for action, on in states.items() if on)

    @property
    def disabled(self) -> frozenset[str]:
        """Names of the buttons that do nothing now."""
        needs = {
            MenuAction.FOCUS: bool(self.focused),
            MenuAction.KEYBOARD: bool(self.focused) or self.keyboard,
            MenuAction.RELEASE: self.mine,
            MenuAction.RECOVER: bool(self.focused),
            MenuAction.QUIETER: self.volume > 0.0,
            MenuAction.LOUDER: self.volume < 1.0,
            MenuAction.PAGE_UP: self.page > 0,
            MenuAction.PAGE_DOWN: self.page < self.pages - 1,
            MenuAction.PUT_BACK: self.moved,
        }
        return frozenset(action for action, possible in needs.items() if not possible)

    def _label(self, action: MenuAction) -> str:
        if action is self.confirm:
            return f"{_LABELS[action]}: sure?"
        match action:
            case MenuAction.FOCUS:
                return "Back to the wall" if self.near else "Come near"
            case MenuAction.MUTE:
                return "Sound on" if self.muted else f"Mute ({self.volume:.0%})"
            case MenuAction.MONO:
                return "Sound from screens" if self.mono else "Mono"
            case _:
                return _LABELS[action]


_LABELS = {
    MenuAction.FOCUS: "Come near",
    MenuAction.KEYBOARD: "Keyboard",
    MenuAction.RELEASE: "Give mouse back",
    MenuAction.QUIETER: "Quieter",
    MenuAction.MUTE: "Mute",
    MenuAction.LOUDER: "Louder",
    MenuAction.MONO: "Mono",
    MenuAction.STATISTICS: "Figures",
    MenuAction.RECENTRE: "Recentre",
    MenuAction.PAGE_UP: "Page back",
    MenuAction.PAGE_DOWN: "Next page",
    MenuAction.PUT_BACK: "Tidy up",
    MenuAction.RECOVER: "Start anew",
    MenuAction.CLOSE: "Close menu",
    MenuAction.LEAVE: "Leave VR",
}


def _button(index: int, action: MenuAction, label: str) -> Button:
    row, column = divmod(index, COLUMNS)
    width, height = 1.0 / COLUMNS, (1.0 - HEAD) / ROWS
    x, y = column * width + _GAP / 2, HEAD + row * height + _GAP / 2
    return Button(action, label, x, y, width - _GAP, height - _GAP)
