"""An end that cannot hang: some runtimes never return from the calls that close them."""

import contextlib
import logging
import os
import sys
import threading
from collections.abc import Iterator

log = logging.getLogger(__name__)

PATIENCE_S = 2.0


@contextlib.contextmanager
def bounded(status: int, patience_s: float = PATIENCE_S) -> Iterator[None]:
    """End the whole process with ``status`` if the block takes longer than ``patience_s``.

    WORKAROUND: SteamVR on Linux hangs in xrDestroyInstance (ValveSoftware/SteamVR-for-Linux#422).
    """
    timer = arm(status, patience_s)
    try:
        yield
    finally:
        timer.cancel()


def arm(status: int, patience_s: float = PATIENCE_S) -> threading.Timer:
    """End the process with ``status`` after ``patience_s`` unless the timer is cancelled; the kernel frees the rest."""
    timer = threading.Timer(patience_s, _leave, (status,))
    timer.daemon = True
    timer.start()
    return timer


def _leave(status: int) -> None:
    log.warning("the OpenXR runtime does not end; leaving it behind")
    sys.stderr.flush()
    os._exit(status)
