"""``loco-emulator`` as a process of its own, as its container runs it."""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from backend.emulator.probe import YES, Verdict, ask

ROOT = Path(__file__).resolve().parents[3]


class Pod:
    """The two directories of a pod, and what runs on them."""

    def __init__(self, directory: Path) -> None:
        self.run = directory / "run"
        self.state = directory / "state"
        self.said = directory / "log"

    @asynccontextmanager
    async def emulator(self, *arguments: str, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """Run the program; it is gone afterwards."""
        command = [sys.executable, "-m", "backend.emulator", "--directory", str(self.run)]
        command += ["--state-directory", str(self.state), "--instance", "instance-4", *arguments]
        variables = {"LOCO_CONFIG": "/dev/null", **environment}
        with self.said.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *command, cwd=ROOT, env=os.environ | variables, stderr=log, stdout=log
            )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.terminate()
            async with asyncio.timeout(10):
                await process.wait()

    def ask(self, kind: str) -> Verdict:
        """One probe."""
        return ask(kind, self.run)

    async def until(
        self, kind: str, condition: Callable[[Verdict], bool] = lambda verdict: verdict.status == YES
    ) -> None:
        """Probe until the answer is as wished."""
        verdict = self.ask(kind)
        try:
            async with asyncio.timeout(20):
                while not condition(verdict):
                    await asyncio.sleep(0.05)
                    verdict = await asyncio.to_thread(self.ask, kind)
        except TimeoutError:
            raise AssertionError(f"{kind}: {verdict}; {self.said.read_text()}") from None


@pytest.fixture
def pod() -> Iterator[Pod]:
    """Unix sockets have short paths; those of pytest are long."""
    directory = Path(tempfile.mkdtemp(prefix="loco-", dir="/tmp"))
    pod = Pod(directory)
    yield pod
    said = pod.said.read_text() if pod.said.exists() else ""
    shutil.rmtree(directory)
    assert "Traceback" not in said, said


async def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for what nothing tells of."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.05)
