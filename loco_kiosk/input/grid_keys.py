"""Plain keys of the grid, which no hotkey may take: without them nobody could pick a machine."""

from collections.abc import Mapping

GRID_COMMANDS: Mapping[str, str] = {
    **{f"{row}{number}": f"pick_{number}" for row in ("Digit", "Numpad") for number in range(1, 10)},
    **{f"Arrow{name}": name.lower() for name in ("Left", "Right", "Up", "Down")},
    "Enter": "zoom",
    "NumpadEnter": "zoom",
    "PageUp": "page_up",
    "PageDown": "page_down",
    "Escape": "grid",
}
"""Commands by W3C code."""
