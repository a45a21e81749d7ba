"""One run of QEMU: start, log, end. It dies with this process, whatever way that ends."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from backend.contract.tasks import within
from backend.qemu.errors import ProgramError
from backend.qemu.program import find_helper

QUIT_S = 1.0
"""From asking QEMU to quit until it is killed; it needs some 20 ms."""
LOG_TAIL_BYTES = 4096


class QemuProcess:
    """A running QEMU; made by :func:`start`."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self._process = process
        self._log = log

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def status(self) -> int | None:
        """Exit status, negative for a signal; None while it runs."""
        return self._process.returncode

    async def wait(self) -> int:
        """Its exit status, once it ended."""
        return await self._process.wait()

    def kill(self) -> None:
        """End it at once."""
        if self.status is None:
            self._process.kill()

    async def stop(self) -> None:
        """End it, by SIGTERM, which closes its disk in order, and by force after :data:`QUIT_S`."""
        if self.status is None:
            self._process.terminate()
        try:
            await within(QUIT_S, self._process.wait())
        except TimeoutError:
            self.kill()
            await self._process.wait()

    def log_tail(self) -> str:
        """The end of what it wrote."""
        try:
            with self._log.open("rb") as file:
                file.seek(max(0, self._log.stat().st_size - LOG_TAIL_BYTES))
                return file.read().decode(errors="replace")
        except OSError:
            return ""


async def start(program: Path, arguments: Sequence[str], log: Path) -> QemuProcess:
    """Start QEMU; what it says goes to ``log``, whose last content is kept as ``log``.old.

    Raises:
        ProgramError: it cannot be started.
    """
    setpriv = find_helper("setpriv", "util-linux")
    try:
        with _fresh(log) as output:
            # A group of its own: Ctrl+C in a terminal reaches only the supervisor, which stops the rest in order. Not a
            # session of its own: Linux shares processor time among sessions first (sched_autogroup), and nine of them
            # would leave a tenth to the viewer on the same machine.
            process = await asyncio.create_subprocess_exec(
                *(setpriv, "--pdeathsig", "KILL", "--", str(program), *arguments),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                process_group=0,
            )
    except OSError as error:
        raise ProgramError(f"QEMU cannot be started: {error.strerror or error}.") from error
    return QemuProcess(process, log)


def _fresh(log: Path) -> BinaryIO:
    if log.exists():
        log.replace(log.with_name(log.name + ".old"))
    return log.open("wb")
