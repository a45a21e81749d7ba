"""The program of the headset, ``python -m vr``, as the kiosk's child: started, watched, ended with the kiosk.

It dies with the kiosk whatever way that ends (prctl PR_SET_PDEATHSIG, by setpriv), and whatever way it dies itself, the
kiosk goes on: it learns the kind of end and a sentence about it.
"""

import asyncio
import enum
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from backend.contract.errors import LocoError
from loco_kiosk.launch.child import Child
from loco_kiosk.settings import Loaded

log = logging.getLogger(__name__)

PATIENCE_S = 3.0
"""Some runtimes hang in the end of their session: whoever asked to leave does not wait longer."""
_SAYS = "loco-vr: "
"""Begins the program's own sentence about its end."""
_TAIL_BYTES = 4096
_MOST_WORDS = 400


class VrStartError(LocoError):
    """The program of the headset cannot be started; the text is for the person before the screen."""


class VrEnd(enum.StrEnum):
    """How it ended. All but ``LEFT`` and ``FAILED`` heal by what the sentence says."""

    LEFT = "left"
    """By the wearer, or because it was told to stop."""
    NO_RUNTIME = "no_runtime"
    SERVICE_DOWN = "service_down"
    NO_HEADSET = "no_headset"
    NO_GRAPHICS = "no_graphics"
    LOST = "lost"
    FAILED = "failed"
    """It refused to start, or crashed."""


_ENDS = {
    0: VrEnd.LEFT,
    3: VrEnd.NO_RUNTIME,
    4: VrEnd.SERVICE_DOWN,
    5: VrEnd.NO_HEADSET,
    6: VrEnd.NO_GRAPHICS,
    7: VrEnd.LOST,
}
"""By exit code; every other one is a failure."""


@dataclass(frozen=True, slots=True)
class VrExit:
    """The end of one run; ``sentence`` is empty where nothing went wrong."""

    end: VrEnd
    sentence: str = ""


class VrProcess:
    """One run of the program. Threading: one event loop, in the thread that lives as long as the process."""

    def __init__(self, *, log_file: Path, environment: Mapping[str, str]) -> None:
        self._log_file = log_file
        self._environment = environment
        self._log_start = 0
        self._child: Child | None = None

    @property
    def pid(self) -> int | None:
        """Process id; None before the start."""
        return None if self._child is None else self._child.pid

    def start(self, words: Sequence[str], descriptors: Sequence[int]) -> None:
        """Start this command line with the open descriptors that it names; the caller closes its own of them.

        Raises:
            VrStartError: it cannot be started, and why.
        """
        try:
            self._log_file.parent.mkdir(parents=True, exist_ok=True)
            with self._log_file.open("ab") as output:
                self._log_start = output.tell()
                process = subprocess.Popen(
                    words,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    pass_fds=tuple(descriptors),
                    env=self._environment,
                    # Ctrl+C in the terminal reaches the kiosk alone. And a session of its own has its own share of the
                    # processors (sched(7), autogroup): a frame in the headset must not wait for nine decoders.
                    start_new_session=True,
                )
        except OSError as error:
            raise VrStartError(f"Cannot start VR: {error.filename or 'its program'}: {error.strerror}.") from error
        log.info("VR started as process %d; its log is %s", process.pid, self._log_file)
        self._child = Child(process)

    async def ended(self) -> VrExit:
        """Wait for its end."""
        assert self._child is not None, "start it first"
        return self._exit(await self._child.wait())

    async def stop(self, patience_s: float = PATIENCE_S) -> None:
        """End it: it may leave by itself within half of ``patience_s``, is then asked by SIGTERM, and made to."""
        if self._child is None:
            return
        try:
            await asyncio.wait_for(self._child.wait(), patience_s / 2)
        except TimeoutError:
            await self._child.stop(patience_s / 2)

    def _exit(self, code: int) -> VrExit:
        end = _ENDS.get(code, VrEnd.FAILED)
        log.info("VR ended: %s (%s)", end.value, _code_text(code))
        if end is VrEnd.LEFT:
            return VrExit(end)
        words = self._last_words()
        if words.startswith(_SAYS):
            words = words.removeprefix(_SAYS)
        elif end is VrEnd.FAILED:
            told = f"It said: {words}" if words else "It said nothing."
            words = f"VR ended with {_code_text(code)}. {told} Its log is {self._log_file}."
        return VrExit(end, words)

    def _last_words(self) -> str:
        """The last line of this run."""
        try:
            with self._log_file.open("rb") as file:
                file.seek(max(self._log_start, self._log_file.stat().st_size - _TAIL_BYTES))
                lines = file.read().decode("utf-8", "replace").split("\n")
        except OSError:
            return ""
        last = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return last[:_MOST_WORDS]


def require_platform() -> None:
    """Refuse where the program's life cannot be tied to the kiosk's, nor memory be shared with it.

    Raises:
        VrStartError: this machine is none of those.
    """
    if sys.platform != "linux" or shutil.which("setpriv") is None:
        raise VrStartError("VR runs on Linux with util-linux's setpriv only.")


def command(loaded: Loaded, socket: int, memory: int) -> list[str]:
    """Command line for these settings and the descriptors of its feed."""
    words = ["--feed-socket", str(socket), "--feed-memory", str(memory)]
    if loaded.file is not None:
        words += ["--config", str(loaded.file.absolute())]
    # -P: a directory named 'vr' in the current directory is not ours.
    return ["setpriv", "--pdeathsig", "TERM", "--", sys.executable, "-P", "-m", "vr", *words]


def environment(base: Mapping[str, str], loaded: Loaded) -> dict[str, str]:
    """Environment of the program: the kiosk's, where the package is, and the kiosk's settings as its defaults."""
    root = str(Path(__file__).parents[2])
    path = os.pathsep.join(part for part in (root, base.get("PYTHONPATH", "")) if part)
    kiosk = loaded.kiosk
    own = {
        "LOCO_VR_LOG_LEVEL": kiosk.log_level,
        "LOCO_VR_LOG_FORMAT": kiosk.log_format,
        "LOCO_VR_STATE_DIRECTORY": str(kiosk.own_state_directory()),
    }
    return {**own, **base, "PYTHONPATH": path}


def _code_text(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
