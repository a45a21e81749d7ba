"""What the window says about the headset: a glyph, a word, a title and what to do, for each phase. Plain Python."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from loco_kiosk.look import palette


class VrPhase(enum.StrEnum):
    """How VR is, seen from the desktop; the names are those that the VR process tells."""

    OFF = "off"
    STARTING = "starting"
    WAITING = "waiting"
    """The runtime is there, and nobody wears the headset yet."""
    WORN = "worn"
    TAKEN_OFF = "taken_off"
    LOST = "lost"
    """The runtime went away in the middle."""
    NO_RUNTIME = "no_runtime"
    SERVICE_DOWN = "service_down"
    NO_HEADSET = "no_headset"
    NO_GRAPHICS = "no_graphics"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class VrWords:
    """One phase in words. ``state`` names the colour and, where there is no other, the glyph."""

    word: str
    title: str
    hint: str
    """Said where the VR process has no sentence of its own."""
    state: str

    @property
    def colour(self) -> str:
        """On a dark ground."""
        return palette.STATES[self.state]


WORDS = {
    VrPhase.OFF: VrWords("VR", "", "", "empty"),
    VrPhase.STARTING: VrWords("Starting", "Starting VR", "The headset is being asked for its place.", "booting"),
    VrPhase.WAITING: VrWords("Waiting", "Waiting for the headset", "Put it on: the wall stands around you.", "pending"),
    VrPhase.WORN: VrWords("In VR", "In the headset", "What the wearer points at shows here too.", "live"),
    VrPhase.TAKEN_OFF: VrWords(
        "Taken off", "The headset was taken off", "Put it on again: the wall waits as it was left.", "stale"
    ),
    VrPhase.LOST: VrWords(
        "Lost", "The VR runtime went away", "Start it again; the wall comes back by itself.", "reconnecting"
    ),
    VrPhase.NO_RUNTIME: VrWords(
        "No runtime", "No VR runtime here", "Install an OpenXR runtime, such as Monado or SteamVR.", "lost"
    ),
    VrPhase.SERVICE_DOWN: VrWords(
        "No runtime", "The VR runtime does not run", "Start its service, such as monado-service or SteamVR.", "lost"
    ),
    VrPhase.NO_HEADSET: VrWords("No headset", "No headset found", "Connect it and switch it on.", "lost"),
    VrPhase.NO_GRAPHICS: VrWords(
        "No graphics", "VR cannot draw here", "Runtime and graphics driver do not fit together.", "lost"
    ),
    VrPhase.FAILED: VrWords("Ended", "VR ended", "The log says more.", "lost"),
}


_FIGURES = (
    ("frames", "Headset", "{:.0f} fps"),
    ("work_p95_ms", "Headset: work, p95", "{:.1f} ms"),
    ("age_p95_ms", "Headset: picture age, p95", "{:.0f} ms"),
)
"""Of what the VR process tells once a second: its name there, and how the overlay shows it."""


def figure_rows(figures: Mapping[str, float]) -> list[dict[str, str]]:
    """Rows of the overlay; none where nothing is known."""
    known = ((label, form.format(figures[name])) for name, label, form in _FIGURES if name in figures)
    return [{"label": label, "value": value} for label, value in known]


def phase(name: str) -> VrPhase | None:
    """The phase of a name on the wire; None for one that is not known here."""
    try:
        return VrPhase(name)
    except ValueError:
        return None
