"""Glyphs from the outlines that the window uses too."""

import functools
import math
import re
from collections.abc import Iterator

from PIL import Image, ImageChops, ImageDraw

from loco_kiosk.look import outlines

Point = tuple[float, float]

_FINE = 4
"""Drawn so many times larger, for smooth edges."""
_STEPS = 16
"""Pieces of a curve."""
_TOKEN = re.compile(r"[MLHVACSZ]|-?\d+(?:\.\d+)?")
_COUNTS = {"M": 2, "L": 2, "H": 1, "V": 1, "A": 7, "C": 6, "S": 4, "Z": 0}


@functools.lru_cache(maxsize=128)
def mask(name: str, size_px: int) -> Image.Image:
    """The glyph as a mask of ``size_px`` squared; even-odd, so that an outline within an outline is a hole."""
    edge = size_px * _FINE
    filled = Image.new("1", (edge, edge))
    for ring in rings(outlines.PATHS[name]):
        one = Image.new("1", (edge, edge))
        ImageDraw.Draw(one).polygon([(x * edge / 24, y * edge / 24) for x, y in ring], fill=1)
        filled = ImageChops.logical_xor(filled, one)
    return filled.convert("L").resize((size_px, size_px), Image.Resampling.BOX)


def rings(path: str) -> list[list[Point]]:
    """Closed polygons of SVG path data (absolute commands M L H V A C S Z)."""
    done: list[list[Point]] = []
    ring: list[Point] = []
    control: Point = (0.0, 0.0)
    for command, numbers in _commands(path):
        here = ring[-1] if ring else (0.0, 0.0)
        match command, numbers:
            case "Z", _:
                done.append(ring)
                ring = []
            case (("M" | "L"), (x, y)):
                ring.append((x, y))
            case "H", (x,):
                ring.append((x, here[1]))
            case "V", (y,):
                ring.append((here[0], y))
            case "A", (radius, _, _, large, sweep, x, y):
                ring += _arc(here, radius, bool(large), bool(sweep), (x, y))
            case "C", (a, b, c, d, x, y):
                control = (c, d)
                ring += _curve(here, (a, b), control, (x, y))
            case "S", (c, d, x, y):
                mirrored = (2 * here[0] - control[0], 2 * here[1] - control[1])
                control = (c, d)
                ring += _curve(here, mirrored, control, (x, y))
    return done


def _commands(path: str) -> Iterator[tuple[str, tuple[float, ...]]]:
    tokens = _TOKEN.findall(path)
    position, command = 0, "M"
    while position < len(tokens):
        if tokens[position] in _COUNTS:
            command = tokens[position]
            position += 1
        count = _COUNTS[command]
        yield command, tuple(float(token) for token in tokens[position : position + count])
        position += count


def _curve(a: Point, b: Point, c: Point, d: Point) -> Iterator[Point]:
    for step in range(1, _STEPS + 1):
        t = step / _STEPS
        s = 1 - t
        weights = (s**3, 3 * s * s * t, 3 * s * t * t, t**3)
        corners = list(zip(weights, (a, b, c, d), strict=True))
        yield sum(weight * point[0] for weight, point in corners), sum(weight * point[1] for weight, point in corners)


def _arc(start: Point, radius: float, large: bool, sweep: bool, end: Point) -> Iterator[Point]:
    """A circle's arc (SVG 1.1, F.6.5, for equal radii)."""
    half = ((start[0] - end[0]) / 2, (start[1] - end[1]) / 2)
    apart = max(math.hypot(*half), 1e-9)
    radius = max(radius, apart)
    out = math.sqrt(max(radius**2 - apart**2, 0.0)) / apart * (-1 if large == sweep else 1)
    centre = ((start[0] + end[0]) / 2 + out * half[1], (start[1] + end[1]) / 2 - out * half[0])
    first = math.atan2(start[1] - centre[1], start[0] - centre[0])
    turn = math.atan2(end[1] - centre[1], end[0] - centre[0]) - first
    if sweep and turn <= 0:
        turn += math.tau
    elif not sweep and turn >= 0:
        turn -= math.tau
    steps = 2 * _STEPS
    for step in range(1, steps + 1):
        angle = first + turn * step / steps
        yield centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)
