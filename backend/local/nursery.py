"""Starts streamers by forking them off one process that has imported everything already."""

import asyncio
import contextlib
import json
import logging
import socket
import sys
from collections.abc import Mapping, Sequence

from backend.contract.tasks import TaskScope
from backend.local.nursery_process import MAX_MESSAGE_BYTES

log = logging.getLogger(__name__)

KILLED = -9
"""Status of the children of a nursery that died: the kernel kills them with it."""


class Offspring:
    """One forked child."""

    def __init__(self, nursery: "_Process", number: int, pid: int) -> None:
        self._nursery = nursery
        self._number = number
        self.pid = pid

    async def wait(self) -> int:
        """Its exit status, negative for a signal."""
        return await asyncio.shield(self._nursery.ended[self._number])

    def send_signal(self, number: int) -> None:
        """Nothing happens if it has ended."""
        self._nursery.tell({"signal": self._number, "number": number})


class Nursery:
    """Makes children; starts its process on first use, and again should that die."""

    def __init__(self, module: str, environment: Mapping[str, str]) -> None:
        self._module = module
        # A fork copies one thread only: libraries must not have started others.
        self._environment = dict(environment) | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self._process: _Process | None = None
        self._starting = asyncio.Lock()
        self._tasks = TaskScope("nursery")

    async def start(self, arguments: Sequence[str], descriptor: int) -> Offspring:
        """A new child, with ``descriptor`` for the ``{}`` in ``arguments``.

        Raises:
            OSError: the nursery cannot be started, or died just now.
        """
        async with self._starting:
            if self._process is None or self._process.dead:
                self._process = await _Process.start(self._module, self._environment)
                self._tasks.spawn(self._process.read(), "reports")
        return await self._process.fork(arguments, descriptor)

    async def close(self) -> None:
        """End the process, and with it all children."""
        if self._process is not None:
            await self._process.kill()
        await self._tasks.close()


class _Process:
    def __init__(self, process: asyncio.subprocess.Process, control: socket.socket) -> None:
        self._process = process
        self._control = control
        self._count = 0
        self._started: dict[int, asyncio.Future[int]] = {}
        self.ended: dict[int, asyncio.Future[int]] = {}
        self.dead = False

    @classmethod
    async def start(cls, module: str, environment: Mapping[str, str]) -> "_Process":
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = (sys.executable, "-P", "-m", "backend.local.nursery_process", str(theirs.fileno()), module)
            process = await asyncio.create_subprocess_exec(
                *("setpriv", "--pdeathsig", "KILL", "--"),
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env=dict(environment),
            )
        ours.setblocking(False)
        return cls(process, ours)

    async def fork(self, arguments: Sequence[str], descriptor: int) -> Offspring:
        loop = asyncio.get_running_loop()
        self._count += 1
        number = self._count
        self._started[number] = loop.create_future()
        self.ended[number] = loop.create_future()
        message = json.dumps({"start": number, "arguments": list(arguments)}).encode()
        socket.send_fds(self._control, [message], [descriptor])
        return Offspring(self, number, await self._started[number])

    def tell(self, message: dict[str, int]) -> None:
        # A process that has just died takes its children with it, so nothing is left to signal.
        with contextlib.suppress(OSError):
            self._control.send(json.dumps(message).encode())

    async def read(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while message := await loop.sock_recv(self._control, MAX_MESSAGE_BYTES):
                self._take(json.loads(message))
        except ConnectionError as error:
            log.debug("nursery: %s", error)
        finally:
            self.dead = True
            self._control.close()
            self._fail_all()

    async def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    def _take(self, message: dict[str, int]) -> None:
        if "started" in message:
            self._started.pop(message["started"]).set_result(message["pid"])
        else:
            self.ended[message["ended"]].set_result(message["status"])

    def _fail_all(self) -> None:
        for waiting in self._started.values():
            if not waiting.done():
                waiting.set_exception(ConnectionResetError("the nursery of streamers died"))
        for ending in self.ended.values():
            if not ending.done():
                ending.set_result(KILLED)
