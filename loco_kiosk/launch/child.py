"""A child process watched by its pidfd: no thread and no SIGCHLD handler, so it runs on Qt's event loop as on any."""

import asyncio
import logging
import os
import signal
import subprocess

log = logging.getLogger(__name__)


async def readable(descriptor: int) -> None:
    """Wait until ``descriptor`` can be read, or has ended."""
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()
    loop.add_reader(descriptor, lambda: None if ready.done() else ready.set_result(None))
    try:
        await ready
    finally:
        loop.remove_reader(descriptor)


class Child:
    """Owns one started process until it is gone. Linux 5.3 or later."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    async def wait(self) -> int:
        """Wait for the end; the exit code, negative for a signal."""
        if (code := self._process.poll()) is not None:
            return code
        handle = os.pidfd_open(self._process.pid)
        try:
            await readable(handle)
        finally:
            os.close(handle)
        return self._process.wait()

    async def stop(self, patience_s: float = 5.0) -> None:
        """End the process: ask by SIGTERM, insist by SIGKILL after ``patience_s``."""
        if self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.wait(), patience_s)
        except TimeoutError:
            log.warning("process %d did not end within %.0f s and is killed", self.pid, patience_s)
            self._process.kill()
            await self.wait()
