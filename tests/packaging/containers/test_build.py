import re
from pathlib import Path

import pytest

from tests.packaging.containers.conftest import ROOT, SOURCE, load

build = load("build")
_PIN = re.compile(r"^([a-z0-9-]+)==(\S+?)(?: ;.*?)? \\$", re.MULTILINE)


@pytest.mark.parametrize("image", build.IMAGES)
def test_an_image_holds_the_versions_that_all_else_was_tested_with(image: str) -> None:
    own = set(_PIN.findall((ROOT / f"requirements-{image}.lock").read_text()))
    everything = set(_PIN.findall((ROOT / "requirements.lock").read_text()))
    assert own
    assert own <= everything, own - everything


@pytest.mark.parametrize("image", build.IMAGES)
def test_an_image_gets_no_qt(image: str) -> None:
    names = {name for name, _ in _PIN.findall((ROOT / f"requirements-{image}.lock").read_text())}
    assert not {name for name in names if "pyside" in name or "shiboken" in name or "qasync" in name}


def test_every_library_is_pinned_by_its_hash() -> None:
    text = (SOURCE / "assemble.py").read_text()
    assert "--require-hashes" in text
    assert "--only-binary" in text


def test_settings_of_pip_go_along_but_not_directories_of_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "pip.conf"
    file.write_text(
        "[global]\ntimeout = 9\nfind-links = /opt/x\nextra-index-url = file:///opt/y https://index.example/s\n"
    )
    monkeypatch.setattr(build, "PIP_FILES", (file,))
    for name in (*build.PIP_OPTIONS, "cert"):
        monkeypatch.delenv(f"PIP_{name.upper().replace('-', '_')}", raising=False)
    monkeypatch.setenv("PIP_RETRIES", "7")
    assert build.pip_settings() == {"timeout": "9", "extra-index-url": "https://index.example/s", "retries": "7"}


def test_a_certificate_is_shown_to_builds_as_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = tmp_path / "ca.crt"
    certificate.write_text("x")
    monkeypatch.setattr(build, "pip_settings", lambda: {"cert": str(certificate), "retries": "2"})
    with build.pip_secrets() as options:
        shown = dict(option.split(",src=") for option in options if option != "--secret")
        assert shown["id=ca.crt"] == str(certificate)
        text = Path(shown["id=pip.conf"]).read_text()
    assert "cert = /etc/pip.crt" in text
    assert "retries = 2" in text


def test_an_unknown_image_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["kiosk"]) == 1
    assert "backend, emulator, streamer" in capsys.readouterr().err


def test_a_missing_podman_is_told_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert build.main(["backend"]) == 1
    assert "install the packages podman" in capsys.readouterr().err


def test_a_failed_build_says_what_podman_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "podman"
    program.write_text("#!/bin/sh\necho 'no such base' >&2\nexit 125\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert build.main(["backend"]) == 1
    assert "no such base" in capsys.readouterr().err
