"""Processes of a benchmark: started, talked to by lines, and charged for their processor time."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks._product import ROOT, environment

SYSTEM_PYTHON = "/usr/bin/python3"
"""Has the bindings of Debian's GStreamer."""
_LINE_BYTES = 64 * 2**20
"""A whole run of arrivals is one line."""


class Child:
    """One process; reads and writes JSON lines."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.pid = process.pid
        self._process = process

    async def read(self, timeout_s: float = 60.0) -> Any:
        """Its next line.

        Raises:
            RuntimeError: it has ended.
        """
        assert self._process.stdout is not None
        async with asyncio.timeout(timeout_s):
            line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"process {self.pid} ended before it answered")
        return json.loads(line)

    async def write(self, document: object) -> None:
        """Give it a line."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(document).encode() + b"\n")
        await self._process.stdin.drain()

    def hush(self) -> None:
        """End its input: it shall report."""
        assert self._process.stdin is not None
        self._process.stdin.close()


@asynccontextmanager
async def child(
    module: str, *arguments: object, pass_fds: Sequence[int] = (), python: str = sys.executable
) -> AsyncIterator[Child]:
    """Run ``python -m module``; it is terminated afterwards."""
    command = ["setpriv", "--pdeathsig", "KILL", "--", python, "-m", module, *map(str, arguments)]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=environment(), stdin=pipe, stdout=pipe, pass_fds=pass_fds, limit=_LINE_BYTES
    )
    try:
        yield Child(process)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(5.0):
                    await process.wait()
            except TimeoutError:
                process.kill()
        await process.wait()


def cpu_s(pid: int) -> float:
    """User and system time of a process's threads, to 0.1 ms."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((task / "schedstat").read_text().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended since
    return total / 1e9


def rss_mib(pid: int) -> float:
    """Resident memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def threads(pid: int) -> int:
    """How many."""
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def handles(pid: int) -> int:
    """Open descriptors."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))
