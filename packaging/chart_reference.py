#!/usr/bin/env python3
"""Writes what the chart derives: its README from its values, the settings in its schema from the programs.

python3 packaging/chart_reference.py            write both files where they are out of date
python3 packaging/chart_reference.py --check    only tell, and end with status 1, if they are
"""

import argparse
import dataclasses
import json
import sys
import types
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
CHART = ROOT / "helm" / "loco"
sys.path.insert(0, str(ROOT))

from backend.discovery.kubernetes.settings import KubernetesSettings  # noqa: E402
from backend.emulator.settings import EmulatorSettings  # noqa: E402
from backend.lan.settings import LanSettings  # noqa: E402
from backend.qemu.settings import GuestSettings  # noqa: E402
from backend.settings import BackendSettings  # noqa: E402
from backend.streamer.settings import StreamerSettings  # noqa: E402

START, END = "<!-- Written by packaging/chart_reference.py from here -->", "<!-- to here -->"
_LOCAL = ("local", "instances_file", "state_directory", "media_addresses", "parallel_starts", "ready_fd", "ready_file")
_CHOSEN = ("host", "port", "discovery", "kubernetes", "lan", "drain_s", "log_format")
_SWITCH = (
    "enabled",
    "http",
    "directory",
    "guests",
    "listen",
    "token",
    "dial",
    "accept",
    "rooms",
    "site",
    "log_format",
    "ready_fd",
)
_LINKS = ("link_listen", "links", "certificate", "key", "authority")
_POD = ("instance", "directory", "log_format")


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """One table of the settings file that values can fill."""

    name: str
    value: str
    """Path of the value."""
    kind: type[Any]
    fixed: tuple[str, ...]
    """Settings that the chart makes itself, or that have no meaning in a pod."""


TABLES = (
    Table("guest", "guest.settings", GuestSettings, ("image",)),
    Table("emulator", "emulator.settings", EmulatorSettings, (*_POD, "state_directory", "lan", "lan_site", "probe")),
    Table(
        "streamer",
        "streamer.settings",
        StreamerSettings,
        (*_POD, "name", "listen", "listen_fd", "media_addresses", "ice_servers", "ice_username"),
    ),
    Table(
        "backend",
        "backend.settings",
        BackendSettings,
        (*_CHOSEN, *_LOCAL),
    ),
    Table(
        "kubernetes",
        "backend.kubernetes",
        KubernetesSettings,
        ("namespace", "service", "label_selector", "port_name", "kubeconfig", "context", "metadata_configmap", "node"),
    ),
    Table("lan", "lan.settings", LanSettings, (*_SWITCH, *_LINKS)),
)


def settings_of(table: Table) -> Iterator[dataclasses.Field[Any]]:
    """The settings that values may name: no secrets, and nothing that the chart makes.

    Raises KeyError where ``fixed`` names a setting that the program has no more.
    """
    fields = {field.name: field for field in dataclasses.fields(table.kind) if "help" in field.metadata}
    for name in table.fixed:
        del fields[name]
    return (field for field in fields.values() if field.repr)


def schema_of(table: Table) -> dict[str, Any]:
    """JSON schema of one table."""
    hints = typing.get_type_hints(table.kind)
    properties = {field.name: _property(field, hints[field.name]) for field in settings_of(table)}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _property(field: dataclasses.Field[Any], hint: object) -> dict[str, Any]:
    if isinstance(hint, types.UnionType):
        hint = next(part for part in typing.get_args(hint) if part is not types.NoneType)
    plain = typing.get_origin(hint) or hint
    names: Mapping[object, str] = {bool: "boolean", int: "integer", float: "number", tuple: "array"}
    found: dict[str, Any] = {"description": field.metadata["help"], "type": names.get(plain, "string")}
    if plain is tuple:
        found["items"] = {"type": "string"}
    if field.metadata["choices"]:
        found["enum"] = list(field.metadata["choices"])
    return found | {key: field.metadata[key] for key in ("minimum", "maximum") if field.metadata[key] is not None}


def schema(old: str) -> str:
    """``values.schema.json`` with the settings of today."""
    found = json.loads(old)
    for table in TABLES:
        found["definitions"][f"{table.name}Settings"] = schema_of(table)
    return json.dumps(found, indent=2) + "\n"


def readme(old: str) -> str:
    """``README.md`` with the values and settings of today."""
    head, _, rest = old.partition(START)
    _, _, tail = rest.partition(END)
    lines = ["", "## Values", "", *_value_lines((CHART / "values.yaml").read_text(encoding="utf-8"))]
    lines += ["## Settings of the programs", ""]
    for table in TABLES:
        lines += [f"### `{table.value}`", "", "| setting | default | what it is for |", "|---|---|---|"]
        lines += [_row(field.name, _plain(field.default), field.metadata["help"]) for field in settings_of(table)]
        lines += [""]
    return head + START + "\n".join(lines) + END + tail


def documented_values(text: str) -> Iterator[tuple[str, object, str]]:
    """Path, default and description of every value; of a map whose entries are described the default is None."""
    lines = text.splitlines()

    def walk(node: yaml.MappingNode, prefix: str) -> Iterator[tuple[str, object, str]]:
        for key, value in node.value:
            path = f"{prefix}{key.value}"
            words = _comment_above(lines, key.start_mark.line)
            if isinstance(value, yaml.MappingNode) and any(
                _comment_above(lines, name.start_mark.line) for name, _ in value.value
            ):
                yield path, None, words
                yield from walk(value, f"{path}.")
            else:
                yield path, yaml.safe_load(yaml.serialize(value)), words

    root = yaml.compose(text)
    assert isinstance(root, yaml.MappingNode)
    return walk(root, "")


def _comment_above(lines: list[str], line: int) -> str:
    first = line
    while first > 0 and lines[first - 1].lstrip().startswith("#"):
        first -= 1
    return " ".join(text.strip().removeprefix("#").strip() for text in lines[first:line])


def _value_lines(text: str) -> list[str]:
    found = list(documented_values(text))
    sections = {path: words for path, default, words in found if default is None and "." not in path}
    lines = ["| value | default | what it is for |", "|---|---|---|"]
    lines += [_row(path, default, words) for path, default, words in found if path.split(".")[0] not in sections]
    for section, words in sections.items():
        lines += ["", f"### `{section}`", "", words, "", "| value | default | what it is for |", "|---|---|---|"]
        inside = [entry for entry in found if entry[0].startswith(f"{section}.")]
        lines += [_row(path, default, text) for path, default, text in inside]
    return [*lines, ""]


def _row(name: str, default: object, words: str) -> str:
    shown = "" if default is None else f"`{json.dumps(default)}`"
    return f"| `{name}` | {shown} | {words} |".replace("|  |", "| |")


def _plain(default: object) -> object:
    if isinstance(default, Path):
        return str(default)
    return list(default) if isinstance(default, tuple) else default


def main() -> int:
    """Write or check; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    status = 0
    for path, make in ((CHART / "values.schema.json", schema), (CHART / "README.md", readme)):
        old = path.read_text(encoding="utf-8")
        new = make(old)
        if new != old and check:
            print(f"{path.relative_to(ROOT)} is out of date: run python3 packaging/chart_reference.py")
            status = 1
        elif new != old:
            path.write_text(new, encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main())
