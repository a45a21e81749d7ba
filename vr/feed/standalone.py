"""Without a kiosk: a feeder of our own, in a process beside this one, so that the frame loop shares no interpreter."""

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import vr
from loco_kiosk.client.vr_ends import FeedEnds
from vr.errors import FeedEndedError
from vr.feed.feed import Feed
from vr.settings import VrSettings

log = logging.getLogger(__name__)

_PATIENCE_S = 3.0
"""A feeder closes nine sessions within one round trip each."""


class Standalone:
    """Owns the feeder process and its feed. Threading: the one that lives as long as the process."""

    def __init__(self, settings: VrSettings) -> None:
        """Start the feeder, which looks for a wall as ``settings`` say.

        Raises:
            FeedEndedError: it cannot be started; the text says why.
        """
        ends = FeedEnds.open()
        socket, memory = ends.descriptors()
        self.feed = Feed(ends.near, ends.memory)
        command = [sys.executable, "-P", "-m", "vr.feeder", *flags(settings)]
        command += ["--feed-socket", str(socket), "--feed-memory", str(memory)]
        if shutil.which("setpriv"):
            # The kernel ends it with this process, whatever way that ends.
            command = ["setpriv", "--pdeathsig", "TERM", "--", *command]
        try:
            self._process = subprocess.Popen(
                command, pass_fds=(socket, memory), stdin=subprocess.DEVNULL, env=environment(os.environ)
            )
        except OSError as error:
            self.feed.close()
            raise FeedEndedError(f"The feeder cannot be started: {error.strerror}.") from error
        finally:
            ends.handed_over()

    @property
    def pid(self) -> int:
        """Process id of the feeder."""
        return self._process.pid

    def end(self) -> None:
        """Hang up, and wait for the feeder's end."""
        self.feed.close()
        try:
            self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            log.warning("the feeder did not end within %.0f s and is killed", _PATIENCE_S)
            self._process.kill()
            self._process.wait()


def flags(settings: VrSettings) -> list[str]:
    """The settings that concern a feeder, all as flags: it reads no file of its own."""
    words = ["--config", os.devnull, "--backend", settings.backend, "--wall", settings.wall]
    words += ["--viewer-name", settings.viewer_name, "--find-timeout-s", str(settings.find_timeout_s)]
    words += ["--volume", str(settings.volume)]
    words += ["--log-level", settings.log_level, "--log-format", settings.log_format]
    switches = {"zeroconf": settings.zeroconf, "muted": settings.muted, "mono": settings.mono}
    return words + [f"--{name}" if on else f"--no-{name}" for name, on in switches.items()]


def environment(base: Mapping[str, str]) -> dict[str, str]:
    """The environment of the feeder: ours, and the place from which we import our own packages."""
    root = str(Path(vr.__file__).parent.parent)
    return {**base, "PYTHONPATH": os.pathsep.join(part for part in (root, base.get("PYTHONPATH", "")) if part)}
