"""The keyboard in the air: where its keys are and what pressing them does in the guest.

A key goes down and up with the trigger. A modifier latches: pressed once it lasts for the next key, twice until it is
pressed again; so that one ray types Ctrl+Alt+Del.
"""

import enum
from collections.abc import Iterable

from vr.scene.button import Button

WIDTH_UNITS, HEIGHT_UNITS = 18.5, 6.0
"""Size in keys."""
ASPECT = WIDTH_UNITS / HEIGHT_UNITS
MODIFIERS = frozenset(
    {"ShiftLeft", "ShiftRight", "ControlLeft", "ControlRight", "AltLeft", "AltRight", "MetaLeft", "MetaRight"}
)
CHORDS = {"CtrlAltDel": ("ControlLeft", "AltLeft", "Delete"), "AltF4": ("AltLeft", "F4"), "AltTab": ("AltLeft", "Tab")}
"""Keys that type several, by name."""
HIDE = "hide"
"""Name of the button that puts the keyboard away; it types nothing."""

Change = tuple[str, bool]
"""A W3C code, and whether the key goes down."""

_GAP = 0.06
"""Between keys, in keys."""


def _letters(text: str) -> list[tuple[str, str, float]]:
    return [(f"Key{letter}", letter, 1.0) for letter in text]


_ROWS: tuple[list[tuple[str, str, float]], ...] = (
    [("Escape", "Esc", 1.5), *((f"F{n}", f"F{n}", 1.0) for n in range(1, 13)), ("AltTab", "Alt Tab", 1.5),
     ("", "", 0.5), ("CtrlAltDel", "Ctrl Alt Del", 2.0), (HIDE, "Hide", 1.0)],
    [("Backquote", "`", 1.0), *((f"Digit{n}", n, 1.0) for n in "1234567890"), ("Minus", "-", 1.0), ("Equal", "=", 1.0),
     ("Backspace", "Back", 2.0), ("", "", 0.5), ("Insert", "Ins", 1.0), ("Home", "Home", 1.0), ("PageUp", "PgUp", 1.0)],
    [("Tab", "Tab", 1.5), *_letters("QWERTYUIOP"), ("BracketLeft", "[", 1.0), ("BracketRight", "]", 1.0),
     ("Backslash", "\\", 1.5), ("", "", 0.5), ("Delete", "Del", 1.0), ("End", "End", 1.0), ("PageDown", "PgDn", 1.0)],
    [("CapsLock", "Caps", 1.75), *_letters("ASDFGHJKL"), ("Semicolon", ";", 1.0), ("Quote", "'", 1.0),
     ("Enter", "Enter", 2.25), ("", "", 0.5), ("AltF4", "Alt F4", 2.0), ("Pause", "Pause", 1.0)],
    [("ShiftLeft", "Shift", 2.25), *_letters("ZXCVBNM"), ("Comma", ",", 1.0), ("Period", ".", 1.0), ("Slash", "/", 1.0),
     ("ShiftRight", "Shift", 2.75), ("", "", 1.5), ("ArrowUp", "\u2191", 1.0)],
    [("ControlLeft", "Ctrl", 1.5), ("MetaLeft", "Win", 1.25), ("AltLeft", "Alt", 1.25), ("Space", "", 6.0),
     ("AltRight", "AltGr", 1.25), ("ContextMenu", "Menu", 1.25), ("IntlBackslash", "< >", 1.0),
     ("ControlRight", "Ctrl", 1.5), ("", "", 0.5), ("ArrowLeft", "\u2190", 1.0), ("ArrowDown", "\u2193", 1.0),
     ("ArrowRight", "\u2192", 1.0)],
)  # fmt: skip
"""Name, label and width in keys of each key of the American layout, whose place is what the guest sees; "" is a gap."""


def _laid_out() -> tuple[Button, ...]:
    buttons = []
    for row, keys in enumerate(_ROWS):
        x = 0.0
        for name, label, width in keys:
            if name:
                left, top = (x + _GAP / 2) / WIDTH_UNITS, (row + _GAP / 2) / HEIGHT_UNITS
                size = (width - _GAP) / WIDTH_UNITS, (1 - _GAP) / HEIGHT_UNITS
                buttons.append(Button(name, label, left, top, *size))
            x += width
    return tuple(buttons)


BUTTONS = _laid_out()


class Latch(enum.Enum):
    """How a modifier that nobody holds stays down."""

    ONCE = enum.auto()
    """For the next key."""
    LOCKED = enum.auto()
    """Until it is pressed again."""


class KeyboardModel:
    """What the keyboard in the air has pressed in the guest."""

    buttons = BUTTONS

    def __init__(self) -> None:
        self._latched: dict[str, Latch] = {}
        self._held: dict[str, None] = {}

    @property
    def down(self) -> frozenset[str]:
        """Names of the buttons to draw as pressed."""
        return frozenset(self._held) | frozenset(self._latched)

    @property
    def sticky(self) -> frozenset[str]:
        """Modifiers that stay for the next key."""
        return frozenset(name for name, latch in self._latched.items() if latch is Latch.ONCE)

    @property
    def locked(self) -> frozenset[str]:
        """Modifiers that stay until they are pressed again."""
        return frozenset(name for name, latch in self._latched.items() if latch is Latch.LOCKED)

    def press(self, name: str) -> list[Change]:
        """A button goes down; what happens to the keys of the guest."""
        if name in MODIFIERS:
            return self._press_modifier(name)
        if name in CHORDS:
            return [*self.release_all(), *_downs(CHORDS[name]), *_ups(CHORDS[name])]
        if name == HIDE or name in self._held:
            return []
        self._held[name] = None
        return [(name, True)]

    def release(self, name: str) -> list[Change]:
        """The trigger let a button go."""
        if name not in self._held:
            return []
        del self._held[name]
        once = self.sticky
        for modifier in once:
            del self._latched[modifier]
        return [(name, False), *_ups(sorted(once))]

    def release_all(self) -> list[Change]:
        """Everything up: the guest in front changes, the keyboard goes away, or the hands are gone."""
        changes = [*_ups(self._held), *_ups(self._latched)]
        self._held.clear()
        self._latched.clear()
        return changes

    def _press_modifier(self, name: str) -> list[Change]:
        match self._latched.get(name):
            case None:
                self._latched[name] = Latch.ONCE
                return [(name, True)]
            case Latch.ONCE:
                self._latched[name] = Latch.LOCKED
                return []
            case Latch.LOCKED:
                del self._latched[name]
                return [(name, False)]


def _downs(codes: Iterable[str]) -> list[Change]:
    return [(code, True) for code in codes]


def _ups(codes: Iterable[str]) -> list[Change]:
    return [(code, False) for code in reversed(tuple(codes))]
