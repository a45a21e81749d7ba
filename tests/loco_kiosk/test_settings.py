from pathlib import Path

import pytest

from backend.contract.errors import SettingsError
from loco_kiosk import settings
from loco_kiosk.settings import KioskSettings


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))


def test_without_words_the_defaults_rule() -> None:
    assert settings.load([], {}).kiosk == KioskSettings()


def test_a_flag_beats_the_environment_which_beats_the_file(tmp_path: Path) -> None:
    file = tmp_path / "loco.toml"
    file.write_text("[kiosk]\nvolume = 1\ninstances = 2\nwidth_px = 700\n")
    environment = {"LOCO_CONFIG": str(file), "LOCO_KIOSK_VOLUME": "10", "LOCO_KIOSK_INSTANCES": "3"}
    kiosk = settings.load(["--volume", "20"], environment).kiosk
    assert (kiosk.volume, kiosk.instances, kiosk.width_px) == (20, 3, 700)


def test_it_tells_which_file_was_read(tmp_path: Path) -> None:
    file = tmp_path / "loco.toml"
    file.write_text("[guest]\nmemory_mib = 64\n")
    loaded = settings.load(["--config", str(file), "--check", "5"], {})
    assert loaded.file == file
    assert loaded.tables["guest"] == {"memory_mib": 64}
    assert settings.load([f"--config={file}"], {}).file == file


@pytest.mark.parametrize("text", ["wall.local", "ftp://wall", "http://", "http:///x"])
def test_a_backend_that_is_no_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingsError, match=r"http://wall\.local:8480"):
        settings.load(["--backend", text], {})


def test_a_hotkey_that_no_key_can_make_stops_the_program_at_start() -> None:
    with pytest.raises(SettingsError, match="hotkey_grid"):
        settings.load([], {"LOCO_KIOSK_HOTKEY_GRID": "Ctrl+Banana"})


def test_hotkeys_go_by_the_name_of_their_command() -> None:
    hotkeys = KioskSettings(hotkey_grid="Ctrl+Alt+B").hotkeys()
    assert hotkeys["grid"] == "Ctrl+Alt+B"
    assert hotkeys["exit"] == "Ctrl+Alt+Shift+Q"


def test_the_name_that_others_see_is_never_empty_nor_long() -> None:
    assert KioskSettings().own_name()
    assert KioskSettings(viewer_name="x" * 500).own_name() == "x" * 64


def test_the_state_directory_follows_the_setting_then_xdg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert KioskSettings().own_state_directory() == tmp_path / "loco-kiosk"
    assert KioskSettings(state_directory=Path("/srv/loco")).own_state_directory() == Path("/srv/loco")


def test_help_explains_every_flag(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        settings.load(["--help"], {})
    assert end.value.code == 0
    shown = capsys.readouterr().out
    assert "--check" in shown
    assert "[guest.instance-N]" in shown
