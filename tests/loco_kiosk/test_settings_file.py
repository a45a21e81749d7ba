import os
import tomllib
from pathlib import Path

import pytest

from loco_kiosk import settings, settings_file
from loco_kiosk.settings_file import SettingsFileError

WRITTEN_BY_HAND = """\
# our wall
[kiosk]
volume = 30  # it is a small room
muted = true

[guest]
memory_mib = 64  # enough
"""


def test_comments_order_and_other_tables_stay(tmp_path: Path) -> None:
    file = tmp_path / "loco.toml"
    file.write_text(WRITTEN_BY_HAND)
    settings_file.write(file, {"volume": 55})
    assert file.read_text() == WRITTEN_BY_HAND.replace("30", "55")


def test_none_gives_a_setting_back_to_its_default(tmp_path: Path) -> None:
    file = tmp_path / "loco.toml"
    file.write_text(WRITTEN_BY_HAND)
    settings_file.write(file, {"muted": None, "mono": None})
    assert tomllib.loads(file.read_text())["kiosk"] == {"volume": 30}


def test_a_missing_file_is_made_from_a_template_that_explains_itself(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "loco.toml"
    settings_file.write(file, {"volume": 55, "state_directory": Path("/srv/loco")})
    loaded = settings.load(["--config", str(file)], {}).kiosk
    assert (loaded.volume, loaded.state_directory) == (55, Path("/srv/loco"))
    assert "# loudness of the mix in percent" in file.read_text()


def test_the_template_without_its_marks_is_a_valid_settings_file(tmp_path: Path) -> None:
    file = tmp_path / "loco.toml"
    lines = settings_file.template().splitlines()
    file.write_text("\n".join(line.removeprefix("# ") if " = " in line else line for line in lines))
    unset = {"check", "report", "screenshot", "state_directory"}
    kept = [line for line in file.read_text().splitlines() if line.split(" = ")[0] not in unset]
    file.write_text("\n".join(kept))
    assert settings.load(["--config", str(file)], {}).kiosk == settings.KioskSettings()


def test_a_file_without_our_table_gets_one(tmp_path: Path) -> None:
    file = tmp_path / "loco.toml"
    file.write_text("[guest]\nmemory_mib = 64\n")
    settings_file.write(file, {"mono": True})
    assert tomllib.loads(file.read_text()) == {"guest": {"memory_mib": 64}, "kiosk": {"mono": True}}


@pytest.mark.parametrize("broken", ["[kiosk", "kiosk = 3\n", "\udcff"])
def test_a_broken_file_is_left_as_it_was(tmp_path: Path, broken: str) -> None:
    file = tmp_path / "loco.toml"
    before = broken.encode("utf-8", "surrogateescape")
    file.write_bytes(before)
    with pytest.raises(SettingsFileError, match=r"loco\.toml"):
        settings_file.write(file, {"volume": 1})
    assert file.read_bytes() == before


def test_a_read_only_file_is_told_in_a_sentence_that_helps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "loco.toml"
    file.write_text(WRITTEN_BY_HAND)
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write everywhere
    with pytest.raises(SettingsFileError, match=r"read-only.*--config FILE"):
        settings_file.write(file, {"volume": 1})
    assert file.read_text() == WRITTEN_BY_HAND


def test_a_failed_write_leaves_no_rubbish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "loco.toml"
    file.write_text(WRITTEN_BY_HAND)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SettingsFileError, match="No space left"):
        settings_file.write(file, {"volume": 1})
    assert [path.name for path in tmp_path.iterdir()] == ["loco.toml"]
    assert file.read_text() == WRITTEN_BY_HAND


def test_a_link_to_the_file_stays_a_link_and_the_mode_stays(tmp_path: Path) -> None:
    real = tmp_path / "real.toml"
    real.write_text(WRITTEN_BY_HAND)
    real.chmod(0o600)
    link = tmp_path / "loco.toml"
    link.symlink_to(real)
    settings_file.write(link, {"volume": 1})
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o600


def test_the_own_file_lies_where_xdg_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert settings_file.own_file() == tmp_path / "loco-kiosk" / "loco.toml"
