"""The few chords that the kiosk keeps for itself, by physical keys (W3C UI Events codes), whatever the layout says.

Text form: modifiers and one key with '+' between, such as ``Ctrl+Alt+G``, ``F1`` or ``Ctrl+Alt+ArrowUp``; several
chords with ',' between. A chord without Ctrl, Alt or Meta works in the grid only: a zoomed guest owns every plain key.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from backend.contract.errors import SettingsError
from backend.contract.keys import BY_CODE
from loco_kiosk.input.grid_keys import GRID_COMMANDS

# AltRight is no Alt here: it is AltGr on many layouts and writes letters there.
MODIFIERS: Mapping[str, frozenset[str]] = {
    "Ctrl": frozenset({"ControlLeft", "ControlRight"}),
    "Alt": frozenset({"AltLeft"}),
    "Shift": frozenset({"ShiftLeft", "ShiftRight"}),
    "Meta": frozenset({"MetaLeft", "MetaRight"}),
}
_MODIFIER_WORDS = {"ctrl": "Ctrl", "control": "Ctrl", "alt": "Alt", "shift": "Shift"} | dict.fromkeys(
    ("meta", "super", "win", "windows", "cmd"), "Meta"
)
_KEY_WORDS = {
    "esc": "Escape", "del": "Delete", "ins": "Insert", "return": "Enter", "pgup": "PageUp", "pgdn": "PageDown",
    "up": "ArrowUp", "down": "ArrowDown", "left": "ArrowLeft", "right": "ArrowRight", "pause": "Pause",
    **{code.lower(): code for code in BY_CODE},
    **{code[-1].lower(): code for code in BY_CODE if code[:-1] in ("Key", "Digit")},
}  # fmt: skip


_NEEDED = {"exit": "nobody can end the kiosk", "grid": "no key leads back from a machine to the grid"}


class HotkeyError(SettingsError):
    """The text of a hotkey cannot be understood; the text says what to write instead."""


@dataclass(frozen=True, slots=True)
class Chord:
    """One key with exactly these modifiers."""

    modifiers: frozenset[str]
    code: str

    @classmethod
    def pressed(cls, code: str, held: Iterable[str]) -> "Chord":
        """The chord of pressing ``code`` while the ``held`` keys are down."""
        down = frozenset(held)
        return cls(frozenset(name for name, codes in MODIFIERS.items() if down & codes), code)

    @property
    def plain(self) -> bool:
        """Whether it is a key that a zoomed guest needs for itself."""
        return not self.modifiers - {"Shift"}

    def __str__(self) -> str:
        key = self.code[-1] if self.code[:-1] in ("Key", "Digit") else self.code
        return "+".join([*(name for name in MODIFIERS if name in self.modifiers), key])


def parse(text: str, where: str = "a hotkey") -> Chord:
    """Read one chord; ``where`` names the setting in errors.

    Raises:
        HotkeyError: unknown key, no key, or two.
    """
    words = [word.strip() for word in text.split("+")]
    modifiers = {_MODIFIER_WORDS[word.lower()] for word in words if word.lower() in _MODIFIER_WORDS}
    keys = [word for word in words if word.lower() not in _MODIFIER_WORDS]
    if len(keys) != 1 or not keys[0]:
        raise HotkeyError(f"{where}: {text!r} must have one key after its modifiers, as in 'Ctrl+Alt+G'.")
    code = _KEY_WORDS.get(keys[0].lower())
    if code is None:
        close = difflib.get_close_matches(keys[0].lower(), _KEY_WORDS, n=1)
        hint = f"did you mean '{_KEY_WORDS[close[0]]}'?" if close else "write a letter, a digit, F1 to F12 or PageUp."
        raise HotkeyError(f"{where}: there is no key {keys[0]!r}; {hint}")
    if any(code in codes for codes in MODIFIERS.values()):
        raise HotkeyError(f"{where}: {text!r} needs a key besides its modifiers, as in 'Ctrl+Alt+G'.")
    return Chord(frozenset(modifiers), code)


class Hotkeys:
    """Which command a chord stands for."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        """``texts`` by command name, as :meth:`loco_kiosk.settings.KioskSettings.hotkeys` gives them.

        Raises:
            HotkeyError: a text cannot be understood, or two commands share a chord.
        """
        self._commands: dict[Chord, str] = {}
        for command, text in texts.items():
            for chord in _parse_all(text, f"hotkey_{command}"):
                other = self._commands.setdefault(chord, command)
                if other != command:
                    raise HotkeyError(f"hotkey_{command}: {chord} is already hotkey_{other}; choose another.")
                if not chord.modifiers and chord.code in GRID_COMMANDS:
                    raise HotkeyError(f"hotkey_{command}: the grid needs {chord} for itself; choose another.")
        for command in _NEEDED.keys() & {"exit", *texts}:
            self._require_chord_with_modifier(command)

    def _require_chord_with_modifier(self, command: str) -> None:
        if not any(name == command and not chord.plain for chord, name in self._commands.items()):
            consequence = _NEEDED[command]
            raise HotkeyError(f"hotkey_{command}: it must have a chord with Ctrl, Alt or Meta, or {consequence}.")

    def match(self, code: str, held: Iterable[str], *, zoomed: bool) -> str:
        """Command of pressing ``code`` while ``held`` keys are down; empty for none."""
        chord = Chord.pressed(code, held)
        return "" if zoomed and chord.plain else self._commands.get(chord, "")

    def labels(self) -> dict[str, tuple[str, ...]]:
        """Chords by command as texts, for the help page."""
        return {
            command: tuple(str(chord) for chord, name in self._commands.items() if name == command)
            for command in dict.fromkeys(self._commands.values())
        }


def _parse_all(text: str, where: str) -> list[Chord]:
    return [parse(part, where) for part in text.split(",") if part.strip()]
