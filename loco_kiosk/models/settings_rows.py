"""What the settings page offers: which settings, their choices and the words for them. Plain Python, no Qt."""

from collections.abc import Mapping
from dataclasses import dataclass

from loco_kiosk.settings import KioskSettings

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of the page; ``options`` are values with the word on their button."""

    key: str
    label: str
    help: str
    options: tuple[tuple[Value, str], ...]


_SWITCH: tuple[tuple[Value, str], ...] = ((True, "On"), (False, "Off"))
CHOICES = (
    Choice("fullscreen", "Full screen", "Fill the screen, now and on start", _SWITCH),
    Choice("scaling", "Picture", "How guest pixels are enlarged", (("smooth", "Smooth"), ("integer", "Sharp"))),
    Choice("animations", "Animations", "Short movements, as on zooming", _SWITCH),
    Choice("mono", "Mono sound", "Both channels from every speaker", _SWITCH),
    Choice("muted", "Start silent", "No sound until someone turns it on", _SWITCH),
    Choice(
        "idle_return_s",
        "Back to the grid",
        "After this time without input",
        ((60.0, "1 min"), (300.0, "5 min"), (900.0, "15 min"), (0.0, "Never")),
    ),
    Choice(
        "max_swaps_per_s",
        "Redraws a second",
        "Fewer spare the processor",
        ((0.0, "Automatic"), (30.0, "30"), (60.0, "60")),
    ),
    Choice("zeroconf", "Find walls", "Look for backends on the network at the start", _SWITCH),
)


def device_choice(devices: tuple[str, ...]) -> Choice:
    """The row of sound outputs, which only the machine knows."""
    options: tuple[tuple[Value, str], ...] = (("", "Automatic"), *((name, name) for name in devices[:2]))
    return Choice("audio_device", "Sound output", "Where the mix plays", options)


def rows(settings: KioskSettings, edited: Mapping[str, Value], choices: tuple[Choice, ...]) -> list[dict[str, object]]:
    """The page's rows: the edited value where there is one, else the one in force; -1 chooses none."""
    made: list[dict[str, object]] = []
    for choice in choices:
        value = edited.get(choice.key, getattr(settings, choice.key))
        values = [option for option, _word in choice.options]
        made.append(
            {
                "key": choice.key,
                "label": choice.label,
                "help": choice.help,
                "words": [word for _option, word in choice.options],
                "chosen": values.index(value) if value in values else -1,
            }
        )
    return made


def first_hotkeys(settings: KioskSettings) -> dict[str, str]:
    """The first hotkey of each command, as shown in the grid."""
    return {name: _shown(text.split(",")[0]) for name, text in settings.hotkeys().items()}


def zoom_hotkeys(settings: KioskSettings) -> dict[str, str]:
    """The first hotkey of each command that works while a tile is zoomed; "" where there is none."""
    return {name: next(filter(_reaches_zoom, text.split(",")), "").strip() for name, text in settings.hotkeys().items()}


def help_rows(settings: KioskSettings) -> list[dict[str, str]]:
    """Lines of the help panel."""
    every = {name: " or ".join(_shown(part) for part in text.split(",")) for name, text in settings.hotkeys().items()}
    pairs = [
        ("1 to 9, arrows, click, tap", "pick a machine"),
        ("Enter, double click", "play it on the full screen"),
        (every["grid"], "back to all machines (or tap the corner)"),
        (every["keys"], "send Ctrl+Alt+Del and other keys"),
        (every["mute"], "sound off and on"),
        (every["overlay"], "show the measured figures"),
        (every["settings"], "settings"),
        (every["help"], "this help"),
        ("Long press", "right mouse button on a touch screen"),
        ("Button on a stuck tile", "start that machine anew"),
    ]
    if not settings.kiosk:
        pairs.append((every["exit"], "end the program"))
    return [{"keys": keys, "does": does} for keys, does in pairs]


def _shown(text: str) -> str:
    words = {"Equal": "+", "Minus": "-"}
    return "+".join(words.get(part, part) for part in text.strip().split("+"))


def _reaches_zoom(text: str) -> bool:
    return any(modifier in text for modifier in ("Ctrl+", "Alt+", "Meta+"))
