"""Colours of the wall, and the arithmetic that keeps its text readable (WCAG 2.2, success criterion 1.4.3)."""

import functools

AA = 4.5
"""Least contrast of text and ground."""
_DARK, _LIGHT = "#11161c", "#ffffff"

BRICKS = (
    "#c8281e",  # red
    "#1559a9",  # blue
    "#f7c52b",  # yellow
    "#1f7a3a",  # green
    "#f28c28",  # orange
    "#6b3fa0",  # purple
    "#e9edf2",  # white
    "#0b7f7c",  # teal
    "#ee7fae",  # pink
)
"""One brick a slot of a page: neighbours differ in hue and in lightness."""

STATES = {
    "empty": "#aab6c3",
    "pending": "#d9c8ff",
    "booting": "#ffcf4d",
    "live": "#5ed890",
    "degraded": "#ffb3a0",
    "leaving": "#d3dce6",
    "stale": "#ffa552",
    "reconnecting": "#7cc7ff",
    "lost": "#ff8f86",
    "gone": "#94a6ba",
}
"""Colour of a state's word and glyph, always on :data:`CHIP`."""

CHIP = "#161c24"
PLATE = "#c3d9ea"
BAR = "#10233a"
BAR_INK = "#ffffff"
BAR_SOFT = "#b9cbdd"
PAPER = "#f7f9fb"
PAPER_INK = "#11161c"
PAPER_SOFT = "#4d5966"
ACCENT = "#f7c52b"
BUTTON = "#dfe6ee"
STAGE = "#0c1118"
"""Ground of the letterbox bars around a zoomed picture."""

GROUND_AND_TEXT = [
    *((CHIP, colour) for colour in STATES.values()),
    (BAR, BAR_INK),
    (BAR, BAR_SOFT),
    (PAPER, PAPER_INK),
    (PAPER, PAPER_SOFT),
    (STAGE, BAR_INK),
    (STAGE, BAR_SOFT),
    (ACCENT, PAPER_INK),
    (BUTTON, PAPER_INK),
    (BUTTON, PAPER_SOFT),
]
"""Every fixed pair that the scene writes with; the bricks' pairs come from :func:`ink` and :func:`soft_ink`."""


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0 to 1."""
    linear = [_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@functools.cache
def ink(ground: str) -> str:
    """Dark or white, whichever reads better on ``ground``."""
    return max(_DARK, _LIGHT, key=lambda colour: contrast(colour, ground))


@functools.cache
def mix(one: str, other: str, share: float) -> str:
    """``one`` with ``share`` (0 to 1) of ``other`` in it."""
    parts = (round(int(one[i : i + 2], 16) * (1 - share) + int(other[i : i + 2], 16) * share) for i in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in parts)


@functools.cache
def soft_ink(ground: str) -> str:
    """The quietest ink for labels on ``ground`` that still keeps :data:`AA`."""
    strong = ink(ground)
    shares = (0.3, 0.25, 0.2, 0.15, 0.1, 0.05)
    softer = (mix(strong, ground, share) for share in shares)
    return next((colour for colour in softer if contrast(colour, ground) >= AA), strong)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
