from pathlib import Path

import pytest

from backend.emulator.app import main
from tests.backend.emulator.conftest import Pod


@pytest.fixture(autouse=True)
def no_settings_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCO_CONFIG", "/dev/null")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--instance", "loco"], "instance-3"),
        (["--instance", "instance-0", "--directory", "/tmp/" + "long/" * 25], "too long"),
        (["--instance", "instance-0", "--directory", "/proc/loco"], "/proc/loco cannot be made"),
        (["--instance", "instance-0", "--directory", "/tmp", "--state-directory", "/proc/loco"], "--state-directory"),
        (["--probe", "dead"], "startup"),
    ],
)
def test_a_wrong_start_is_explained(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    complaint = capsys.readouterr().err
    assert words in complaint
    assert "Traceback" not in complaint


def test_a_wrong_guest_is_explained_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "loco.toml"
    file.write_text("[guest.instance-3]\nmemory_mb = 64\n")
    monkeypatch.setenv("LOCO_CONFIG", str(file))
    assert main(["--instance", "instance-3"]) == 2
    assert "'memory_mib'" in capsys.readouterr().err


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("LOCO_GUEST_MEMORY_MIB", "much")
    assert main(["--instance", "instance-3"]) == 2
    assert "LOCO_GUEST_MEMORY_MIB" in capsys.readouterr().err


def test_a_host_name_without_a_number_is_explained(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "kiosk")
    assert main([]) == 2
    assert "'kiosk'" in capsys.readouterr().err


def test_a_probe_says_what_it_found(pod: Pod, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--probe", "ready", "--directory", str(pod.run)]) == 3
    assert "does not answer" in capsys.readouterr().out
