"""Settings of all programs: flags, then environment, then one TOML file, then defaults.

A program's settings are one frozen dataclass whose fields are made by :func:`setting`, where each is documented with
its unit and reason. Its TOML table has the program's section name, ``[kiosk]``; a field ``page_size`` is the flag
``--page-size``, the variable ``LOCO_KIOSK_PAGE_SIZE`` and the key ``page_size``.
"""

import argparse
import contextlib
import dataclasses
import difflib
import math
import os
import tomllib
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from backend.contract.errors import SettingsError

Settings = TypeVar("Settings")
_UNITS = {"s": "SECONDS", "px": "PIXELS", "bps": "BIT/S", "kib": "KIB", "mib": "MIB"}
_WORDS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


def setting(
    default: object,
    help: str,  # noqa: A002 - the word that argparse uses
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    choices: Sequence[str] = (),
    flag: bool = True,
    metavar: str = "",
    group: str = "",
    secret: bool = False,
) -> Any:  # noqa: ANN401 - what dataclasses.field returns
    """Declare one setting; ``help`` says what it is for, its unit and, where not plain, the reason for its default.

    ``flag`` is False for what only the file and the environment set; ``metavar`` stands for the value in ``--help``,
    where the type and unit do not tell it; ``group`` is the heading that it and the settings after it stand under;
    ``secret`` keeps the value out of representations, and with them out of logs.
    """
    rules = {"help": help, "minimum": minimum, "maximum": maximum, "choices": tuple(choices)}
    rules |= {"flag": flag, "metavar": metavar, "group": group}
    return dataclasses.field(default=default, metadata=rules, repr=not secret)


def default_file() -> Path | None:
    """The file read where ``--config`` names none: the user's own, else the machine's, else no file."""
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    candidates = (home / "loco-kiosk" / "loco.toml", Path("/etc/loco-kiosk/loco.toml"))
    return next((path for path in candidates if path.is_file()), None)


def read_file(path: Path | None) -> dict[str, Any]:
    """All tables of the TOML file, empty where ``path`` is None.

    Raises:
        SettingsError: it cannot be read or is not TOML.
    """
    if path is None:
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"Cannot read the settings file {path}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {path} is not valid TOML: {error}.") from error


def load(
    kind: type[Settings],
    section: str,
    arguments: Sequence[str],
    *,
    description: str,
    epilog: str = "",
    program: str = "",
    environment: Mapping[str, str] | None = None,
) -> tuple[Settings, dict[str, Any]]:
    """Build the settings of one program; also returns the whole settings file for its other tables.

    ``program`` is how it is called, where that is not ``loco-`` and the section.

    Raises:
        SettingsError: an unknown name, a wrong type or a value out of range, with what to write instead.
        SystemExit: for ``--help`` and unknown flags, by argparse.
    """
    environment = os.environ if environment is None else environment
    parser = _parser(kind, section, program or f"loco-{section}", description, epilog)
    flags = vars(parser.parse_args(arguments))
    chosen = flags.pop("config", None) or environment.get("LOCO_CONFIG")
    path = Path(chosen) if chosen else default_file()
    tables = read_file(path)
    values = _section_values(kind, section, tables, environment, f" in {path}")
    for field in _fields(kind):
        if flags.get(field.name) is not None:
            values[field.name] = _convert(kind, field, flags[field.name], _flag_name(field.name))
    return kind(**values), tables


def load_section(
    kind: type[Settings], section: str, tables: Mapping[str, Any], *, environment: Mapping[str, str] | None = None
) -> Settings:
    """Build the settings of a table without flags, such as [ice]: variables first, then the settings file.

    Raises:
        SettingsError: an unknown key, a wrong type or a value out of range.
    """
    environment = os.environ if environment is None else environment
    return kind(**_section_values(kind, section, tables, environment, ""))


def from_table(kind: type[Settings], table: Mapping[str, Any], where: str) -> Settings:
    """Build ``kind`` from one TOML table; ``where`` names it in errors.

    Raises:
        SettingsError: an unknown key, a wrong type or a value out of range.
    """
    return kind(**from_table_values(kind, table, where))


def from_table_values(kind: type[Any], table: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The checked values of ``table`` by field name, without defaults; raises as :func:`from_table` does."""
    fields = {field.name: field for field in _fields(kind)}
    for name in table:
        if name not in fields:
            close = difflib.get_close_matches(name, fields, n=1)
            hint = f"did you mean '{close[0]}'?" if close else f"it knows {', '.join(sorted(fields))}."
            raise SettingsError(f"{where} has no setting '{name}'; {hint}")
    return {name: _convert(kind, fields[name], value, f"'{name}' in {where}") for name, value in table.items()}


def _section_values(
    kind: type[Any], section: str, tables: Mapping[str, Any], environment: Mapping[str, str], where: str
) -> dict[str, Any]:
    table = tables.get(section, {})
    if not isinstance(table, dict):
        raise SettingsError(f"'{section}'{where} must be a table: write [{section}].")
    values = from_table_values(kind, table, f"[{section}]{where}")
    for field in _fields(kind):
        variable = f"LOCO_{section}_{field.name}".upper()
        if variable in environment:
            values[field.name] = _convert(kind, field, environment[variable], variable)
    return values


def _fields(kind: type[Any]) -> list[dataclasses.Field[Any]]:
    return [field for field in dataclasses.fields(kind) if "help" in field.metadata]


def _flag_name(name: str) -> str:
    return "--" + name.replace("_", "-")


def _parser(kind: type[Any], section: str, program: str, description: str, epilog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program,
        usage=f"{program} [options]",
        description=description,
        epilog=f"{epilog} Each option --some-name is also the variable LOCO_{section.upper()}_SOME_NAME and the key "
        f"some_name in the table [{section}] of the settings file; flags come first, then variables, then the file, "
        "which is ~/.config/loco-kiosk/loco.toml or else /etc/loco-kiosk/loco.toml.".strip(),
    )
    parser.add_argument("--config", metavar="FILE", help="settings file (TOML); also LOCO_CONFIG")
    # Not the parser's own type: argparse keeps that of a group to itself.
    group: Any = parser
    for field in _fields(kind):
        if field.metadata["group"]:
            group = parser.add_argument_group(field.metadata["group"])
        if field.metadata["flag"]:
            _add_flag(group, kind, field)
    return parser


def _add_flag(group: Any, kind: type[Any], field: dataclasses.Field[Any]) -> None:  # noqa: ANN401 - see above
    text = (field.metadata["help"] + _shown_default(field.default)).replace("%", "%%")
    if _plain_type(kind, field) is bool:
        group.add_argument(_flag_name(field.name), action=argparse.BooleanOptionalAction, default=None, help=text)
    else:
        group.add_argument(_flag_name(field.name), metavar=_metavar(kind, field), default=None, help=text)


def _shown_default(default: object) -> str:
    """Words about a default that says something by itself; what 0 or nothing means, the help says."""
    if isinstance(default, bool):
        return f" (default: {'yes' if default else 'no'})"
    return "" if default in ("", None, (), 0, -1) else f" (default: {default})"


def _metavar(kind: type[Any], field: dataclasses.Field[Any]) -> str:
    if field.metadata["metavar"]:
        return str(field.metadata["metavar"])
    if choices := field.metadata["choices"]:
        return "{" + ",".join(choices) + "}"
    unit = _UNITS.get(field.name.rpartition("_")[2])
    names = {int: "N", float: "N", Path: "PATH", tuple: "A,B"}
    return unit or names.get(_plain_type(kind, field), "TEXT")


def _plain_type(kind: type[Any], field: dataclasses.Field[Any]) -> type[Any]:
    annotation = typing.get_type_hints(kind)[field.name]
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        annotation = next(part for part in typing.get_args(annotation) if part is not type(None))
    plain: type[Any] = typing.get_origin(annotation) or annotation
    return plain


def _convert(kind: type[Any], field: dataclasses.Field[Any], value: object, where: str) -> object:
    plain = _plain_type(kind, field)
    if not field.repr and not isinstance(value, str):
        raise SettingsError(f"{where} must be text in quotes.")
    converted = _READERS[plain](value, where)
    rules = field.metadata
    if rules["choices"] and converted not in rules["choices"]:
        raise SettingsError(f"{where} must be one of {', '.join(rules['choices'])}, not {value!r}.")
    for bound, sign in ((rules["minimum"], 1), (rules["maximum"], -1)):
        if bound is not None and isinstance(converted, int | float) and (converted - bound) * sign < 0:
            word = "at least" if sign > 0 else "at most"
            raise SettingsError(f"{where} must be {word} {bound}, not {value}.")
    return converted


def _read_bool(value: object, where: str) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _WORDS:
        return _WORDS[value.lower()]
    raise SettingsError(f"{where} must be true or false, not {value!r}.")


def _read_number(reader: Callable[[Any], float], word: str) -> Callable[[object, str], float]:
    def read(value: object, where: str) -> float:
        exact = isinstance(value, str | int) or (isinstance(value, float) and reader is float)
        if exact and not isinstance(value, bool):
            with contextlib.suppress(ValueError, OverflowError):
                number = reader(value)
                if math.isfinite(number):
                    return number
        raise SettingsError(f"{where} must be {word}, not {value!r}.")

    return read


def _read_string(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise SettingsError(f"{where} must be text in quotes, not {value!r}.")
    return value


def _read_strings(value: object, where: str) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        return tuple(value)
    raise SettingsError(f'{where} must be a list of texts such as ["a", "b"], not {value!r}.')


_READERS: Mapping[type[Any], Callable[[object, str], object]] = {
    bool: _read_bool,
    int: _read_number(int, "a whole number"),
    float: _read_number(float, "a number"),
    str: _read_string,
    tuple: _read_strings,
    Path: lambda value, where: Path(_read_string(value, where)).expanduser(),
}
