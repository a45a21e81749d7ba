"""What is said where there is no runtime, no service, no headset."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import xr

from vr.errors import NoGraphicsError, NoHeadsetError, NoRuntimeError, OpenXrError, RuntimeLostError, VrError
from vr.openxr.instance import in_words

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("refusal", "error", "words"),
    [
        (xr.InstanceLostError, RuntimeLostError, "returns by itself"),
        (xr.SessionLostError, RuntimeLostError, "returns by itself"),
        (xr.SessionLossPending, RuntimeLostError, "returns by itself"),
        (xr.FormFactorUnavailableError, NoHeadsetError, "Connect it"),
        (xr.FormFactorUnsupportedError, NoHeadsetError, "head-mounted"),
        (xr.RuntimeUnavailableError, NoRuntimeError, "Install"),
        (xr.GraphicsDeviceInvalidError, NoGraphicsError, "another GPU"),
        (xr.LimitReachedError, OpenXrError, "LIMIT_REACHED"),
    ],
)
def test_each_refusal_becomes_a_sentence(refusal: type[Exception], error: type[VrError], words: str) -> None:
    with pytest.raises(error, match=words), in_words():
        raise refusal


def test_what_is_no_refusal_passes_through() -> None:
    with pytest.raises(KeyError), in_words():
        raise KeyError


def test_without_a_runtime_it_says_what_to_install(tmp_path: Path) -> None:
    # The loader reads its environment once, so this is another process's first call.
    program = "from vr.openxr.instance import offered_extensions\noffered_extensions()"
    environment = {**os.environ, "XR_RUNTIME_JSON": str(tmp_path / "none.json")}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "NoRuntimeError: No OpenXR runtime was found. Install" in done.stderr
