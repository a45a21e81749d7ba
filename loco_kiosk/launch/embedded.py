"""The backend that the kiosk starts for itself where it finds none, with guests on this machine.

It dies with the kiosk whatever way that ends: the kernel sends it SIGTERM (prctl PR_SET_PDEATHSIG, by setpriv).
"""

import asyncio
import contextlib
import json
import logging
import os
import shutil
import subprocess
import sys
import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import backend
from backend.contract.errors import LocoError, WireError
from backend.contract.reading import json_object, string
from backend.contract.retry import Backoff, forever
from loco_kiosk.launch.child import Child, readable
from loco_kiosk.settings import Loaded

log = logging.getLogger(__name__)

READY_TIMEOUT_S = 20.0
"""The backend listens before it starts guests, so a start takes about a second even on a slow disk."""
_READY_LINE_BYTES = 4096
_BACKOFF = Backoff(initial_s=0.5, maximum_s=10.0)
_NICENESS, _SESSION_NICENESS = 5, 10
"""Of all that sends, as processes and as a session. Where everything runs on one small machine, senders must slow down
before the receiver: one that gets the processor a few milliseconds late each time loses packets and asks for them
again, and so makes more work. Measured with nine guests on two cores: without this the media thread waited for a
processor 83 % of the time, with it 2 %."""


class EmbeddedError(LocoError):
    """The embedded backend did not start, or ended; the text is for the person before the screen."""


@dataclass(frozen=True, slots=True)
class EmbeddedReport:
    """How the embedded backend is: ``url`` is empty while it does not run, ``reason`` then says why and what next."""

    url: str
    reason: str = ""


class EmbeddedBackend:
    """Starts the backend, starts it again when it dies, and stops it. The port stays the same over restarts.

    Threading: one event loop, in the thread that lives as long as the process (the death signal hangs on it).
    """

    def __init__(
        self,
        command: Callable[[int, int], Sequence[str]],
        *,
        log_file: Path,
        environment: Mapping[str, str],
        on_report: Callable[[EmbeddedReport], None],
        backoff: Backoff = _BACKOFF,
        ready_timeout_s: float = READY_TIMEOUT_S,
    ) -> None:
        """``command`` makes the command line from the port (0: any) and the descriptor for the ready line."""
        self._command = command
        self._log_file = log_file
        self._environment = environment
        self._on_report = on_report
        self._backoff = backoff
        self._ready_timeout_s = ready_timeout_s
        self._port = 0
        self._log_start = 0

    async def run(self) -> None:
        """Keep the backend running until cancelled; on return it is gone."""
        await forever(
            "embedded backend",
            self._attempt,
            failures=(EmbeddedError,),
            backoff=self._backoff,
            on_failure=lambda error, _count, delay_s: self._on_report(
                EmbeddedReport("", f"{error} It is started again in {max(1, round(delay_s))} s.")
            ),
        )

    async def _attempt(self, healthy: Callable[[], None]) -> None:
        child, pipe = self._start()
        try:
            url = await self._ready_url(child, pipe)
            self._port = urllib.parse.urlsplit(url).port or 0
            healthy()
            self._on_report(EmbeddedReport(url))
            code = await child.wait()
            raise EmbeddedError(f"The backend on this machine ended ({_exit_text(code)}). {self._last_words()}")
        finally:
            os.close(pipe)
            await child.stop()

    def _start(self) -> tuple[Child, int]:
        try:
            self._log_file.parent.mkdir(parents=True, exist_ok=True)
            with self._log_file.open("ab") as output:
                self._log_start = output.tell()
                read_end, write_end = os.pipe()
                try:
                    process = subprocess.Popen(
                        self._command(self._port, write_end),
                        stdin=subprocess.DEVNULL,
                        stdout=output,
                        stderr=output,
                        pass_fds=(write_end,),
                        env=self._environment,
                        # Ctrl+C in the terminal reaches the kiosk alone, which then stops its backend in order. And one
                        # session for all that sends, so that the kiosk's gets its half of the processors.
                        start_new_session=True,
                    )
                except (OSError, EmbeddedError):
                    os.close(read_end)
                    raise
                finally:
                    os.close(write_end)
        except OSError as error:
            what = error.filename or "the backend"
            raise EmbeddedError(f"Cannot start guests on this machine: {what}: {error.strerror}.") from error
        _let_yield(process.pid)
        log.info("embedded backend started as process %d; its log is %s", process.pid, self._log_file)
        return Child(process), read_end

    async def _ready_url(self, child: Child, pipe: int) -> str:
        line = b""
        try:
            async with asyncio.timeout(self._ready_timeout_s):
                while b"\n" not in line and len(line) <= _READY_LINE_BYTES:
                    await readable(pipe)
                    if not (part := os.read(pipe, _READY_LINE_BYTES)):
                        await child.stop()
                        code = await child.wait()
                        raise EmbeddedError(
                            f"The backend on this machine did not start ({_exit_text(code)}). {self._last_words()}"
                        )
                    line += part
        except TimeoutError as error:
            raise EmbeddedError(
                f"The backend on this machine was not ready within {self._ready_timeout_s:.0f} s. {self._last_words()}"
            ) from error
        return _url(line)

    def _last_words(self) -> str:
        """The last line that the ended backend wrote: its own sentence about the failure, else where to look."""
        hint = f"Its log is {self._log_file}."
        try:
            with self._log_file.open("rb") as file:
                file.seek(max(self._log_start, self._log_file.stat().st_size - 4096))
                lines = file.read().decode("utf-8", "replace").split("\n")
        except OSError:
            return hint
        words = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return f"It said: {_message(words)[:400]} {hint}" if words else hint


def command(loaded: Loaded, port: int, ready_descriptor: int) -> list[str]:
    """Command line of the embedded backend for these settings.

    Raises:
        EmbeddedError: this machine cannot tie the backend's life to the kiosk's.
    """
    if sys.platform != "linux" or shutil.which("setpriv") is None:
        raise EmbeddedError(
            "Guests run on Linux with util-linux's setpriv only: name a backend elsewhere with --backend URL."
        )
    kiosk = loaded.kiosk
    options = {
        "--local": kiosk.instances,
        "--host": "127.0.0.1",
        "--port": port,
        "--ready-fd": ready_descriptor,
        "--state-directory": kiosk.own_state_directory(),
        "--log-level": kiosk.log_level,
        "--log-format": kiosk.log_format,
    }
    if loaded.file is not None:
        options["--config"] = loaded.file.absolute()
    words = [str(word) for option in options.items() for word in option]
    # -P and our own path: a directory named 'backend' in the current directory is not ours.
    program = [sys.executable, "-P", "-m", "backend", *words, "--no-zeroconf"]
    return ["nice", "-n", str(_NICENESS), "setpriv", "--pdeathsig", "TERM", "--", *program]


def _let_yield(pid: int) -> None:
    """Lower the weight of the session that ``pid`` leads, where Linux weighs sessions, not processes: sched(7)."""
    with contextlib.suppress(OSError):  # no autogroups: niceness alone counts
        Path(f"/proc/{pid}/autogroup").write_text(str(_SESSION_NICENESS), encoding="ascii")


def environment(base: Mapping[str, str]) -> dict[str, str]:
    """Environment of the embedded backend: ours, and the place from which we import its package."""
    root = str(Path(backend.__file__).parent.parent)
    return {**base, "PYTHONPATH": os.pathsep.join(part for part in (root, base.get("PYTHONPATH", "")) if part)}


def _url(line: bytes) -> str:
    try:
        url = string(json_object(line, "The ready line"), "url")
    except WireError as error:
        raise EmbeddedError(
            f"The backend on this machine does not speak as expected ({error}). Are both parts of the same version?"
        ) from error
    if not url.startswith("http://"):
        raise EmbeddedError(f"The backend on this machine told {url!r:.60}, which is no address.")
    return url


def _exit_text(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _message(line: str) -> str:
    """The sentence of a log line in JSON, or the line itself."""
    try:
        return string(json.loads(line), "message")
    except (ValueError, AttributeError, WireError):
        return line
