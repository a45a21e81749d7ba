import subprocess
import sys
from pathlib import Path

import pytest

from vr.audio import openal
from vr.audio.errors import NoSoundError

ROOT = Path(__file__).resolve().parents[3]


def test_a_function_that_is_not_there_is_named() -> None:
    with pytest.raises(NoSoundError, match="alcPlayOnTheMoon"):
        openal.extension(openal.load(), "alcPlayOnTheMoon", None)


def test_without_openal_a_sentence_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openal, "_LIBRARIES", {sys.platform: ("libnowhere.so.1",)})
    with pytest.raises(NoSoundError, match="libopenal1"):
        openal.load()


def test_importing_the_sound_loads_no_library() -> None:
    program = "import vr.audio.wall_sound; assert 'openal' not in open('/proc/self/maps').read()"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
