"""Typed reads from decoded JSON objects; each raises :class:`WireError` with the field's name."""

import json
import math
from collections.abc import Mapping
from typing import Any, Final

from backend.contract.errors import WireError

REQUIRED: Final = object()


def json_object(text: str | bytes, what: str) -> dict[str, Any]:
    """Parse ``text`` as one JSON object.

    Raises:
        WireError: it is not JSON, not an object, or nested beyond reason.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WireError(f"{what} is not JSON: {error}") from error
    if not isinstance(data, dict):
        raise WireError(f"{what} must be a JSON object, not {type(data).__name__}.")
    return data


def string(data: Mapping[str, Any], name: str, default: object = REQUIRED) -> str:
    """A string field."""
    value = _field(data, name, default)
    if not isinstance(value, str):
        raise WireError(f"'{name}' must be a string, not {value!r:.60}.")
    return value


def integer(data: Mapping[str, Any], name: str, default: object = REQUIRED) -> int:
    """An integer field; true and false are not integers."""
    value = _field(data, name, default)
    if not isinstance(value, int) or isinstance(value, bool):
        raise WireError(f"'{name}' must be a whole number, not {value!r:.60}.")
    return value


def number(data: Mapping[str, Any], name: str, default: object = REQUIRED) -> float:
    """A finite number field."""
    value = _field(data, name, default)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise WireError(f"'{name}' must be a number, not {value!r:.60}.")
    try:
        as_float = float(value)
    except OverflowError as error:
        raise WireError(f"'{name}' is too large.") from error
    if not math.isfinite(as_float):
        raise WireError(f"'{name}' must be finite.")
    return as_float


def boolean(data: Mapping[str, Any], name: str, default: object = REQUIRED) -> bool:
    """A true or false field."""
    value = _field(data, name, default)
    if not isinstance(value, bool):
        raise WireError(f"'{name}' must be true or false, not {value!r:.60}.")
    return value


def mapping(data: Mapping[str, Any], name: str, default: object = REQUIRED) -> Mapping[str, Any]:
    """An object field."""
    value = _field(data, name, default)
    if not isinstance(value, Mapping):
        raise WireError(f"'{name}' must be an object, not {value!r:.60}.")
    return value


def sequence_of_strings(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """An array of strings, empty where absent."""
    value = _field(data, name, ())
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise WireError(f"'{name}' must be an array of strings.")
    return tuple(value)


def _field(data: Mapping[str, Any], name: str, default: object) -> object:
    value = data.get(name, default)
    if value is REQUIRED:
        raise WireError(f"The field '{name}' is missing.")
    return value
