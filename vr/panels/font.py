"""Letters: Pillow's own font, so that panels look the same everywhere; a font of the system for what that one lacks."""

import functools
import unicodedata
from collections.abc import Iterator

from PIL import ImageFont

CAP_HEIGHT = 0.69
"""Height of a capital by the size of the font."""
_FALLBACKS = ("NotoSans-Regular.ttf", "DejaVuSans.ttf", "NotoSansCJK-Regular.ttc", "arial.ttf", "Arial Unicode.ttf")
_NO_CHARACTER = "\U0010fffe"
_PROBE_PX = 24

Run = tuple[str, ImageFont.FreeTypeFont]


def runs(text: str, size_px: int) -> Iterator[Run]:
    """Pieces of ``text`` with the font that can draw each."""
    piece, piece_font = "", -1
    for character in text:
        shown, index = _drawable(character)
        if index != piece_font and piece:
            yield piece, _font(piece_font, size_px)
            piece = ""
        piece, piece_font = piece + shown, index
    if piece:
        yield piece, _font(piece_font, size_px)


@functools.lru_cache(maxsize=4096)
def width(text: str, size_px: int) -> float:
    """How wide ``text`` becomes, in pixels."""
    return sum(font.getlength(piece) for piece, font in runs(text, size_px))


def fit(text: str, size_px: int, least_px: int, room_px: float) -> tuple[str, int]:
    """``text`` at the largest size from ``size_px`` down to ``least_px`` that fits; cut, with an ellipsis, if none."""
    for size in range(size_px, least_px - 1, -2):
        if width(text, size) <= room_px:
            return text, size
    return elide(text, least_px, room_px), least_px


def elide(text: str, size_px: int, room_px: float) -> str:
    """``text``, or as much of it as fits with an ellipsis."""
    if width(text, size_px) <= room_px:
        return text
    kept = text
    while kept and width(kept.rstrip() + "…", size_px) > room_px:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def wrap(text: str, size_px: int, room_px: float, most_lines: int) -> list[str]:
    """Lines of ``text``, broken between words; the last one is cut where there are too many."""
    lines: list[str] = []
    space, left = width(" ", size_px), 0.0
    for word in text.split():
        needed = space + width(word, size_px)
        if lines and (needed <= left or len(lines) > most_lines):
            lines[-1] += f" {word}"
            left -= needed
        else:
            lines.append(word)
            left = room_px - needed + space
    kept = [*lines[: most_lines - 1], " ".join(lines[most_lines - 1 :])]
    return [elide(line, size_px, room_px) for line in kept if line]


@functools.lru_cache(maxsize=64)
def _font(index: int, size_px: int) -> ImageFont.FreeTypeFont:
    if index == 0:
        font = ImageFont.load_default(size_px)
        if not isinstance(font, ImageFont.FreeTypeFont):
            raise TypeError("Pillow was built without FreeType.")
        return font
    return ImageFont.truetype(_FALLBACKS[index - 1], size_px)


@functools.lru_cache(maxsize=4096)
def _drawable(character: str) -> tuple[str, int]:
    """What to draw for a character, and with which font: itself, else without its accent, else a question mark."""
    for index in range(1 + len(_FALLBACKS)):
        if _has(index, character):
            return character, index
    plain = unicodedata.normalize("NFKD", character)[0]
    return (plain, 0) if _has(0, plain) else ("?", 0)


def _has(index: int, character: str) -> bool:
    blank = _blank(index)
    if blank is None:
        return False
    mask = _font(index, _PROBE_PX).getmask(character)
    return character.isspace() or (mask.size, bytes(mask)) != blank


@functools.cache
def _blank(index: int) -> tuple[tuple[int, int], bytes] | None:
    """What the font draws for a character that it lacks; None where the font is not installed."""
    try:
        mask = _font(index, _PROBE_PX).getmask(_NO_CHARACTER)
    except OSError:
        return None
    return mask.size, bytes(mask)
