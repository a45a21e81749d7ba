"""What Helm says after an installation: the next step, and what is open."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.helm.rendering import VALUES_FILES, Object, one, render, templates, values_of

TURN = {"turn": {"enabled": True, "host": "turn.example"}, "ice": {"secret": {"name": "mine"}}}


def notes(values: Object | None = None) -> str:
    return templates(values)["loco/templates/NOTES.txt"]


@pytest.mark.parametrize("path", VALUES_FILES, ids=lambda path: path.stem)
def test_the_commands_are_ones_that_a_shell_takes_and_name_what_exists(path: Path) -> None:
    values = values_of(path)
    text, objects = notes(values), render(values)
    commands = "\n".join(line for line in text.splitlines() if line.startswith("   ") and "Pictures" not in line)
    subprocess.run(["bash", "-n"], input=commands, text=True, check=True)
    assert "loco-kiosk --backend $url" in commands
    names = {item["metadata"]["name"] for item in objects}
    assert {name for _kind, name in re.findall(r"\b(deployment/|statefulset/|service/)(\S+)", commands)} <= names
    assert f"-n {one(objects, 'StatefulSet', '-emulator')['metadata']['namespace']}" in commands


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "port-forward service/wall-loco-backend 8480"),
        ({"backend": {"service": {"type": "NodePort"}}}, "nodePort"),
        ({"backend": {"service": {"type": "LoadBalancer", "port": 80}}}, "url=http://$host:80"),
        ({"ingress": {"enabled": True, "hosts": ["a.example"], "tlsSecret": "t"}}, "url=https://a.example"),
        ({"ingress": {"enabled": True, "hosts": ["a.example"]}}, "url=http://a.example"),
        (TURN, "create secret generic mine --from-literal=secret="),
        ({}, "networkPolicy.kiosks is empty"),
        ({"networkPolicy": {"enabled": False}}, "there are no network policies"),
        ({**TURN, "networkPolicy": {"enabled": False}}, "relays into"),
        ({}, "There is no authentication"),
    ],
)
def test_they_say_what_these_values_need(values: Object, words: str) -> None:
    assert words in notes(values)


def test_they_do_not_warn_without_a_reason() -> None:
    text = notes({"networkPolicy": {"kiosks": ["192.168.0.0/16"]}})
    assert "WARNING" not in text
    assert "create secret" not in text
