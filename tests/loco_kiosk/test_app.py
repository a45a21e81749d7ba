import subprocess
import sys

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


def test_the_first_picture_waits_for_no_library_that_it_does_not_need() -> None:
    program = "import sys, loco_kiosk.app; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert not {"aiohttp", "aiortc", "zeroconf", "loco_kiosk.check.runner"} & set(done.stdout.split())
