"""Runs the pretended API server as a process of its own, to be stopped and killed for real."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


class KubeApiProcess:
    """Made by :func:`running`."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self.url = url
        self._process = process

    async def said(self) -> dict[str, object]:
        """The next line that it writes."""
        assert self._process.stdout is not None
        message: dict[str, object] = json.loads(await self._process.stdout.readline())
        return message

    def signal(self, number: int) -> None:
        """SIGSTOP, SIGCONT."""
        self._process.send_signal(number)

    def tell(self, command: dict[str, object]) -> None:
        """Give a command (see ``__main__``); a stopped process obeys when it goes on."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command).encode() + b"\n")


@asynccontextmanager
async def running(pods: int = 9) -> AsyncIterator[KubeApiProcess]:
    """A running process, ended afterwards."""
    process = await asyncio.create_subprocess_exec(
        *("setpriv", "--pdeathsig", "KILL", "--"),
        *(sys.executable, "-m", "tests.fakes.kube_api", "--pods", str(pods)),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        url = json.loads(await process.stdout.readline())["url"]
        yield KubeApiProcess(process, url)
    finally:
        process.kill()
        await process.wait()
