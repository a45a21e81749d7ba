"""packaging/guest/build.py."""

from pathlib import Path
from types import ModuleType

import pytest


def test_the_image_is_a_megabyte_with_a_boot_sector(image: Path) -> None:
    data = image.read_bytes()
    assert len(data) == 1 << 20
    assert data[510:512] == b"\x55\xaa"


def test_the_program_stays_small(build_script: ModuleType, tmp_path: Path) -> None:
    assert build_script.build(tmp_path / "again.img") < 20_000
    assert [path.name for path in tmp_path.iterdir()] == ["again.img"]


def test_a_missing_nasm_is_told_with_what_to_install(
    build_script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["build.py", "--output", str(tmp_path / "demo.img")])
    assert build_script.main() == 1
    assert "apt-get install nasm" in capsys.readouterr().err


def test_a_mistake_in_the_source_is_shown_and_leaves_nothing_behind(
    build_script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "guest.asm").write_text("        mov nonsense\n")
    monkeypatch.setattr(build_script, "SOURCE", tmp_path)
    with pytest.raises(build_script.BuildError, match=r"guest\.asm:1"):
        build_script.build(tmp_path / "demo.img")
    assert [path.name for path in tmp_path.iterdir()] == ["guest.asm"]


def test_an_unwritable_place_is_told(build_script: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(build_script.BuildError, match="cannot write"):
        build_script.build(tmp_path / "file" / "demo.img")
