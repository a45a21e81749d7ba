"""Where the wearer put the screens, from one day to the next: a small file in the state directory."""

import contextlib
import json
import logging
import math
import os
from collections.abc import Mapping
from pathlib import Path

from vr.scene.spot import Spot

log = logging.getLogger(__name__)

NAME = "vr-layout.json"
_VERSION = 1
_MAX_BYTES = 256 * 1024
_LIMITS = ((-math.pi, math.pi), (-math.pi / 2, math.pi / 2), (0.2, 20.0), (0.05, 2.5))
"""Of a spot's four numbers."""


class LayoutMemory:
    """Reads and writes the file. A bad one is put aside and told, never an error."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / NAME
        self.notice = ""
        """A sentence when the file could not be read or written; else empty."""

    def load(self) -> dict[str, Spot]:
        """Places by screen; none where there is no file, or a bad one."""
        try:
            with self._path.open("rb") as file:
                text = file.read(_MAX_BYTES + 1)
        except FileNotFoundError:
            return {}
        except OSError as error:
            self._tell(f"The places of the screens could not be read ({error.strerror}); they hang on the wall.")
            return {}
        try:
            return _parse(text)
        except ValueError as error:
            aside = self._path.with_suffix(".bad")
            with contextlib.suppress(OSError):
                self._path.replace(aside)
            self._tell(f"The places of the screens could not be read ({error}); the file is kept as {aside.name}.")
            return {}

    def save(self, spots: Mapping[str, Spot]) -> None:
        """Write all places; readers see the old file or the new one, never half of one."""
        text = json.dumps(
            {"version": _VERSION, "screens": {name: list(spot) for name, spot in spots.items()}}, indent=1
        )
        new = self._path.with_suffix(f".{os.getpid()}.new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with new.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
        except OSError as error:
            with contextlib.suppress(OSError):
                new.unlink()
            self._tell(f"The places of the screens could not be kept ({error.strerror}).")
        else:
            self.notice = ""

    def _tell(self, sentence: str) -> None:
        self.notice = sentence
        log.warning("%s: %s", self._path, sentence)


def _parse(text: bytes) -> dict[str, Spot]:
    """Raises ValueError, whose text says what is wrong."""
    if len(text) > _MAX_BYTES:
        raise ValueError("it is too long")
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError("it is not JSON") from error
    if not isinstance(data, dict) or data.get("version") != _VERSION or not isinstance(data.get("screens"), dict):
        raise ValueError("it is of another version")
    return {name: _spot(name, numbers) for name, numbers in data["screens"].items()}


def _spot(name: str, numbers: object) -> Spot:
    if not isinstance(numbers, list) or len(numbers) != len(_LIMITS):
        raise ValueError(f"{name!r} needs {len(_LIMITS)} numbers")
    for number, (low, high) in zip(numbers, _LIMITS, strict=True):
        if isinstance(number, bool) or not isinstance(number, int | float) or not low <= number <= high:
            raise ValueError(f"{name!r} has a number that makes no sense")
    return Spot(*map(float, numbers))
