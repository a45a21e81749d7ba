from pathlib import Path

import pytest

from loco_kiosk.ui.audio_backend import VARIABLE, avoid_broken_pipewire


@pytest.mark.parametrize(
    ("configured", "set_before", "expected"),
    [
        ("", None, "pulseaudio"),
        ("share", None, None),
        ("home/.config/pipewire", None, None),
        ("", "alsa", "alsa"),
    ],
)
def test_pulseaudio_is_used_only_where_pipewire_has_no_configuration_and_nobody_chose(
    tmp_path: Path, configured: str, set_before: str | None, expected: str | None
) -> None:
    if configured:
        (tmp_path / configured).mkdir(parents=True)
        (tmp_path / configured / "client.conf").touch()
    environment = {"HOME": str(tmp_path / "home")} | ({VARIABLE: set_before} if set_before else {})
    avoid_broken_pipewire(environment, [tmp_path / "share"])
    assert environment.get(VARIABLE) == expected
