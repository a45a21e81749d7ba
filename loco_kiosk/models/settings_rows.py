"""What the settings page offers: which settings, their choices and the words for them. Plain Python, no Qt."""

from dataclasses import dataclass

from loco_kiosk.settings import KioskSettings

Value = str | int | float | bool
SECTIONS = (("picture", "Picture"), ("sound", "Sound"), ("hotkeys", "Keys"), ("wall", "Wall"))
"""Pages of the settings with the words on their tabs."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of a page; ``options`` are values with the word on their button."""

    section: str
    key: str
    label: str
    help: str
    options: tuple[tuple[Value, str], ...]
    tall: bool = False
    """One option a line: their words are long."""


_SWITCH: tuple[tuple[Value, str], ...] = ((True, "On"), (False, "Off"))
_MINUTES: tuple[tuple[Value, str], ...] = ((60.0, "1 min"), (300.0, "5 min"), (900.0, "15 min"), (0.0, "Never"))
_SCALINGS: tuple[tuple[Value, str], ...] = (("smooth", "Smooth"), ("sharp", "Sharp"), ("integer", "Whole pixels"))
_PREFERENCES: tuple[tuple[Value, str], ...] = (
    ("smooth", "Motion"),
    ("sharp", "Detail"),
    ("thrifty", "Little traffic"),
    ("fixed", "All, always"),
)
_REDRAWS: tuple[tuple[Value, str], ...] = ((0.0, "Automatic"), (30.0, "30"), (60.0, "60"))
CHOICES = (
    Choice("picture", "fullscreen", "Full screen", "Fill the screen, now and on start", _SWITCH),
    Choice("picture", "scaling", "Enlarged", "How guest pixels fill the screen", _SCALINGS),
    Choice("picture", "preference", "Kept longest", "Where the network is too narrow for all", _PREFERENCES),
    Choice("picture", "pixel_exact", "Exact colours", "Sharp small text, for more traffic and work", _SWITCH),
    Choice("picture", "animations", "Animations", "Short movements, as on zooming", _SWITCH),
    Choice("picture", "max_swaps_per_s", "Redraws a second", "Fewer spare the processor", _REDRAWS),
    Choice("sound", "muted", "Mute", "All machines silent", _SWITCH),
    Choice("sound", "mono", "Mono", "Both channels from every speaker", _SWITCH),
    Choice("sound", "vr_loudspeakers", "Sound beside VR", "Play here too while somebody wears the headset", _SWITCH),
    Choice("wall", "vr", "Open in VR", "Show the wall in a headset too, from the next start on", _SWITCH),
    Choice("wall", "idle_return_s", "Back to the grid", "After this time without input", _MINUTES),
    Choice("wall", "zeroconf", "Find walls", "Look for backends on the network, from the next start on", _SWITCH),
    Choice(
        "wall",
        "instances",
        "Machines here",
        "How many this computer starts where no wall is found, from the next start on",
        ((1, "1"), (4, "4"), (9, "9")),
    ),
)


def device_choice(devices: tuple[str, ...]) -> Choice:
    """The row of sound outputs, which only the machine knows."""
    options: tuple[tuple[Value, str], ...] = (("", "Automatic"), *((name, name) for name in devices))
    return Choice("sound", "audio_device", "Sound output", "Where the mix plays", options, tall=True)


def rows(settings: KioskSettings, choices: tuple[Choice, ...]) -> list[dict[str, object]]:
    """The rows of all pages; -1 chooses none."""
    made: list[dict[str, object]] = []
    for choice in choices:
        value = getattr(settings, choice.key)
        values = [option for option, _word in choice.options]
        made.append(
            {
                "section": choice.section,
                "key": choice.key,
                "label": choice.label,
                "help": choice.help,
                "tall": choice.tall,
                "words": [word for _option, word in choice.options],
                "chosen": values.index(value) if value in values else -1,
            }
        )
    return made
