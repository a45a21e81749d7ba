import pytest

from loco_kiosk.app import main


def test_wrong_settings_end_with_a_sentence_and_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--volume", "400"]) == 1
    said = capsys.readouterr().err
    assert "volume" in said
    assert "Traceback" not in said


def test_an_unreadable_hotkey_ends_with_a_sentence_and_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCO_KIOSK_HOTKEY_GRID", "Ctrl+Nonsense")
    assert main([]) == 1
    assert "hotkey_grid" in capsys.readouterr().err
