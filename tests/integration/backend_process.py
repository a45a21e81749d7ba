"""``loco-backend`` as a process, for a wall that a file lists."""

import asyncio
import json
import os
import signal
import sys
import tempfile
from pathlib import Path

from tests.loco_kiosk.real_streamer import RealStreamer

ROOT = Path(__file__).resolve().parents[2]


def wall_file(directory: Path, streamer: RealStreamer) -> Path:
    """A wall of one streamer."""
    port = int(streamer.url.rpartition(":")[2])
    path = directory / "wall.json"
    path.write_text(json.dumps([{"id": streamer.instance, "address": "127.0.0.1", "port": port}]))
    return path


class BackendProcess:
    """``async with BackendProcess(file) as backend:``; more flags as words."""

    def __init__(self, instances_file: Path, *flags: str) -> None:
        self._flags = ("--instances-file", str(instances_file), "--port", "0", "--log-format", "json", *flags)
        self._process: asyncio.subprocess.Process | None = None
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the context
        self.url = ""

    async def __aenter__(self) -> "BackendProcess":
        read, write = os.pipe()
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "backend", *self._flags, "--ready-fd", str(write)),
            cwd=ROOT,
            stderr=self._log,  # a file: a pipe that nobody reads would stop the backend when it is full
            pass_fds=(write,),
            env={**os.environ, "LOCO_CONFIG": "/dev/null"},
        )
        os.close(write)
        with os.fdopen(read) as pipe:
            async with asyncio.timeout(30):
                self.url = json.loads(await asyncio.to_thread(pipe.readline))["url"]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.end(signal.SIGKILL)
        self._log.close()

    def tell(self, number: signal.Signals) -> None:
        """Send a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    @property
    def log(self) -> str:
        """All that it has said so far."""
        # Read in place: the process writes where this file's position is.
        return os.pread(self._log.fileno(), os.fstat(self._log.fileno()).st_size, 0).decode()

    async def ended(self) -> int:
        """Wait for its end; the exit status."""
        assert self._process is not None
        async with asyncio.timeout(20):
            return await self._process.wait()

    async def end(self, number: signal.Signals) -> None:
        """Send a signal and wait for the end."""
        if self._process is not None and self._process.returncode is None:
            self.tell(number)
            await self.ended()
