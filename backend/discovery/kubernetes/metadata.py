"""Names and descriptions of instances, from a ConfigMap: a hint for people, never an address.

Each key of its data is an instance, or an instance with ``.description``::

    data:
      instance-0: Harbour
      instance-0.description: The one by the window
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

MAX_NAME = 80
MAX_DESCRIPTION = 400
_DESCRIPTION = ".description"


@dataclass(frozen=True, slots=True)
class Metadata:
    """By instance id."""

    names: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)


def read_metadata(config_maps: Iterable[Mapping[str, Any]]) -> Metadata:
    """All names and descriptions; what is too long is cut, and control characters become blanks."""
    names: dict[str, str] = {}
    descriptions: dict[str, str] = {}
    for config_map in config_maps:
        for key, text in (config_map.get("data") or {}).items():
            instance_id = key.removesuffix(_DESCRIPTION)
            into, longest = (descriptions, MAX_DESCRIPTION) if instance_id != key else (names, MAX_NAME)
            if said := _printable(str(text))[:longest]:
                into[instance_id] = said
    return Metadata(names, descriptions)


def _printable(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
