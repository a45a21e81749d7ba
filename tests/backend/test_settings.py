from pathlib import Path

import pytest

from backend.contract.errors import SettingsError
from backend.contract.settings import load
from backend.settings import BackendSettings


def read(*arguments: str, environment: dict[str, str] | None = None) -> BackendSettings:
    settings, _ = load(BackendSettings, "backend", arguments, description="", environment=environment or {})
    return settings


def test_the_mode_follows_from_what_is_given() -> None:
    assert read("--local", "9").mode == "local"
    assert read("--instances-file", "wall.toml").mode == "static"
    assert read("--instances-file", "wall.toml", "--local", "2", "--discovery", "local").mode == "local"
    assert read("--kubernetes").mode == read("--discovery", "kubernetes").mode == "kubernetes"
    assert read(environment={"LOCO_BACKEND_KUBERNETES": "yes"}).mode == "kubernetes"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "--local 9"),
        (("--local", "2", "--instances-file", "wall.toml"), "Choose one"),
        (("--kubernetes", "--local", "2"), "Choose one"),
        (("--discovery", "static"), "--instances-file"),
    ],
)
def test_no_clear_mode_is_answered_with_what_to_write(arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        _ = read(*arguments).mode


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--port", "70000"), "at most 65535"),
        (("--local", "many"), "whole number"),
        (("--discovery", "cluster"), "one of auto, local, static, kubernetes"),
    ],
)
def test_wrong_values_are_answered_with_what_to_write(arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        read(*arguments)


def test_it_listens_to_this_machine_alone_unless_told_otherwise() -> None:
    assert read().host == "127.0.0.1"


def test_defaults_that_depend_on_the_machine_are_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/somewhere")
    assert read().state_root == Path("/somewhere/loco-kiosk")
    assert read("--state-directory", "/disks").state_root == Path("/disks")
    assert read("--name", "Yard").wall_name == "Yard"
    assert read().wall_name
