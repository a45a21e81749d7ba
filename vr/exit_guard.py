"""An end that cannot hang: some runtimes never return from a call."""

import contextlib
import os
import sys
import threading
from collections.abc import Iterator

PATIENCE_S = 2.0
DOES_NOT_END = "The OpenXR runtime does not end; it was left behind. Restart it."


@contextlib.contextmanager
def bounded(status: int, patience_s: float = PATIENCE_S, sentence: str = DOES_NOT_END) -> Iterator[None]:
    """End the whole process with ``status`` and ``sentence`` if the block takes longer than ``patience_s``.

    WORKAROUND: SteamVR on Linux hangs in xrDestroyInstance (ValveSoftware/SteamVR-for-Linux#422).
    """
    timer = arm(status, patience_s, sentence)
    try:
        yield
    finally:
        timer.cancel()


def arm(status: int, patience_s: float = PATIENCE_S, sentence: str = DOES_NOT_END) -> threading.Timer:
    """End the process with ``status`` after ``patience_s`` unless the timer is cancelled; the kernel frees the rest."""
    timer = threading.Timer(patience_s, _leave, (status, sentence))
    timer.daemon = True
    timer.start()
    return timer


def _leave(status: int, sentence: str) -> None:
    if sentence:
        sys.stderr.write(f"loco-vr: {sentence}\n")
    sys.stderr.flush()
    os._exit(status)
