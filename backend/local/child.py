"""One supervised child process."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence

from backend.contract.retry import Backoff, forever
from backend.local.errors import StreamerExitedError

STABLE_S = 5.0
"""A child that lived for so long worked; its next end is not a failure in a row."""
STOP_S = 1.2
"""From SIGTERM to SIGKILL; everything has to be gone within three seconds."""
_BACKOFF = Backoff(initial_s=0.1, maximum_s=10.0)


class Child:
    """Keeps one command running. It dies with this process, whatever way that ends."""

    def __init__(
        self, name: str, command: Sequence[str], *, descriptors: Sequence[int], environment: Mapping[str, str]
    ) -> None:
        self._name = name
        self._command = ("setpriv", "--pdeathsig", "KILL", "--", *command)
        self._descriptors = tuple(descriptors)
        self._environment = environment
        self.pid: int | None = None
        """Of the running process, None between two."""
        self.starts = 0

    async def run(self) -> None:
        """Start it, and again whenever it ends, until cancelled; then it is gone."""
        await forever(self._name, self._attempt, failures=(OSError, StreamerExitedError), backoff=_BACKOFF)

    async def _attempt(self, healthy: Callable[[], None]) -> None:
        # A session of its own: Ctrl+C in a terminal reaches only the backend, which stops the rest in order.
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.DEVNULL,
            pass_fds=self._descriptors,
            env=dict(self._environment),
            start_new_session=True,
        )
        self.pid = process.pid
        self.starts += 1
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STABLE_S):
                    await process.wait()
            if process.returncode is None:
                healthy()
            raise StreamerExitedError(_ended(await process.wait()))
        finally:
            await _end(process)
            self.pid = None


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(STOP_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _ended(status: int) -> str:
    return f"it was killed by signal {-status}" if status < 0 else f"it ended with status {status}"
