"""Writes changed settings into the TOML file: comments and order stay, and a reader never sees half a file."""

import contextlib
import dataclasses
import os
import tempfile
import textwrap
from collections.abc import Mapping
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from backend.contract.errors import SettingsError
from loco_kiosk.settings import SECTION, KioskSettings

_HEAD = """\
# Settings of Loco Kiosk. Flags and LOCO_KIOSK_NAME in the environment come before this file.
# A line that starts with '#' shows a default; take the '#' away to change it.
"""


class SettingsFileError(SettingsError):
    """The settings file cannot be written; the text says why and what to do."""


def own_file() -> Path:
    """Where a user's settings go (XDG Base Directory Specification)."""
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return home / "loco-kiosk" / "loco.toml"


def write(path: Path, changes: Mapping[str, object]) -> None:
    """Set ``changes`` in the table ``[kiosk]`` of ``path``; None takes a setting out, so that its default rules.

    A missing file is made from a commented template. All other tables and comments stay as they are.

    Raises:
        SettingsFileError: the file cannot be read or written, or is not TOML. It is then as it was.
    """
    path = path.resolve()
    document = _read(path)
    table = document.setdefault(SECTION, tomlkit.table())
    if not isinstance(table, dict):
        raise SettingsFileError(f"'{SECTION}' in {path} must be a table: write [{SECTION}].")
    for name, value in changes.items():
        if value is None:
            table.pop(name, None)
        else:
            table[name] = str(value) if isinstance(value, Path) else value
    _replace(path, tomlkit.dumps(document))


def template() -> str:
    """A settings file in which every setting is explained and commented out."""
    lines = [_HEAD, f"[{SECTION}]"]
    for field in dataclasses.fields(KioskSettings):
        lines += ["", *textwrap.wrap(field.metadata["help"], 110, initial_indent="# ", subsequent_indent="# ")]
        lines.append(f"# {field.name} = {_shown(field.default)}")
    return "\n".join(lines) + "\n"


def _shown(default: object) -> str:
    return tomlkit.item("" if default is None else default).as_string()


def _read(path: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return tomlkit.parse(template())
    except OSError as error:
        raise SettingsFileError(f"Cannot read the settings file {path}: {error.strerror}.") from error
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise SettingsFileError(
            f"The settings file {path} is not valid TOML: {error}. Mend it first; nothing was written."
        ) from error


def _replace(path: Path, text: str) -> None:
    """Write beside ``path`` and rename over it: rename(2) is atomic within one directory."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not os.access(path, os.W_OK):
            raise PermissionError(None, "it is read-only")
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(handle)
            temporary.chmod(mode)
            temporary.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
    except OSError as error:
        raise SettingsFileError(
            f"Cannot write the settings file {path}: {error.strerror}. "
            "The change holds until the program ends; name a writable file with --config FILE to keep it."
        ) from error
