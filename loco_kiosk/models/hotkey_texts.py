"""Hotkeys as people read and change them: key caps, lines of the help, rows of the settings page. Plain Python."""

from loco_kiosk.settings import KioskSettings

NAMES = {
    "grid": "Back to all machines",
    "keys": "Send special keys",
    "recover": "Start a machine anew",
    "mute": "Sound off and on",
    "volume_up": "Louder",
    "volume_down": "Quieter",
    "help": "Help",
    "settings": "Settings",
    "overlay": "Measured figures",
    "machines": "Machines found",
    "quality": "Quality of all streams",
    "lan": "The machines' network",
    "vr": "Wall in VR, or leave it",
    "fullscreen": "Full screen or window",
    "unlock": "Unlock (public terminal)",
    "exit": "End the program",
}
"""Commands in the order of the settings page."""
_CAPS = {"Equal": "+", "Minus": "-", "PageUp": "Page up", "PageDown": "Page down", "Delete": "Del", "Escape": "Esc"}


def split(text: str) -> list[str]:
    """The chords of one setting."""
    return [part.strip() for part in text.split(",") if part.strip()]


def shown(chord: str) -> str:
    """A chord as it is printed on the keyboard."""
    return "+".join(_CAPS.get(part, part) for part in chord.split("+"))


def first(settings: KioskSettings) -> dict[str, str]:
    """The first hotkey of each command, as shown in the grid; "" where there is none."""
    return {name: shown(next(iter(split(text)), "")) for name, text in settings.hotkeys().items()}


def while_zoomed(settings: KioskSettings) -> dict[str, str]:
    """The first hotkey of each command that works while a tile is zoomed; "" where there is none."""
    texts = settings.hotkeys().items()
    return {name: shown(next(filter(_reaches_zoom, split(text)), "")) for name, text in texts}


def help_rows(settings: KioskSettings, *, locked: bool) -> list[dict[str, str]]:
    """Lines of the help panel; what a visitor of a public terminal may not do is not told."""
    every = {name: " or ".join(map(shown, split(text))) for name, text in settings.hotkeys().items()}
    pairs = [
        ("1 to 9, arrows, click, tap", "pick a machine"),
        ("Enter, double click", "play it on the full screen"),
        (every["grid"], "back to all machines (or tap the corner)"),
        ("Page up, Page down", "other machines, where there are more than nine"),
        (every["keys"], "send Ctrl+Alt+Del and other keys"),
        ("Long press", "right mouse button on a touch screen"),
        (every["recover"], "start the picked machine anew"),
        (every["mute"], "sound off and on"),
        (every["volume_up"], "louder"),
        (every["volume_down"], "quieter"),
        (every["overlay"], "measured figures"),
        (every["machines"], "machines found, and where they come from"),
        (every["quality"], "quality of all streams"),
        (every["lan"], "the machines' network: who hears whom"),
        (every["vr"], "the wall in a VR headset, or leave it"),
        (every["help"], "this help"),
    ]
    if not locked:
        pairs.append((every["settings"], "settings"))
    if not settings.kiosk:
        pairs += [(every["fullscreen"], "full screen or window"), (every["exit"], "end the program")]
    return [{"keys": keys, "does": does} for keys, does in pairs if keys]


def rows(settings: KioskSettings, listening: str) -> list[dict[str, object]]:
    """Rows of the settings page: command, its name, its chords, and whether it waits for keys to be pressed."""
    texts, standard = settings.hotkeys(), KioskSettings().hotkeys()
    return [
        {
            "command": command,
            "label": label,
            "chords": [shown(chord) for chord in split(texts[command])],
            "listening": command == listening,
            "changed": texts[command] != standard[command],
        }
        for command, label in NAMES.items()
    ]


def _reaches_zoom(chord: str) -> bool:
    return any(modifier in chord for modifier in ("Ctrl+", "Alt+", "Meta+"))
