"""Settings of ``loco-vr``."""

import pytest

from backend.contract.errors import SettingsError
from vr import settings

NOTHING = {"LOCO_CONFIG": "/dev/null"}


def test_nothing_said_gives_the_best_that_the_runtime_has() -> None:
    found = settings.load([], NOTHING)
    assert (found.graphics, found.path, found.feed_socket) == ("auto", "auto", -1)


def test_flags_come_before_variables() -> None:
    found = settings.load(["--path", "quad"], {**NOTHING, "LOCO_VR_PATH": "cylinder", "LOCO_VR_GRAPHICS": "opengl"})
    assert (found.path, found.graphics) == ("quad", "opengl")


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--path", "sphere"], "must be one of auto, cylinder, quad, projection"),
        (["--backend", "wall.local"], "must be an address such as"),
        (["--feed-socket", "3"], "give both or neither"),
        (["--screen-degrees", "5"], "at least 15"),
    ],
)
def test_bad_settings_say_what_to_write(flags: list[str], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        settings.load(flags, NOTHING)
