"""One QMP monitor socket of QEMU, with errors that a person understands."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from qemu.qmp import ExecuteError, QMPClient, QMPError, Runstate

from backend.qemu.errors import CommandError, MonitorError

ANSWER_S = 10.0
"""A loaded machine may take seconds to load a snapshot; a QEMU that takes longer does not answer at all."""
GREETING_S = 5.0
LISTEN_S = 1.0
LISTEN_POLL_S = 0.005

# The library logs each failed connection as an error, also while QEMU starts; what matters is raised and logged here.
_silent = logging.getLogger("backend.qemu.monitor.library")
_silent.addHandler(logging.NullHandler())
_silent.propagate = False


class Monitor:
    """A connected monitor; made by :func:`connect`. Only one client at a time can use a monitor socket."""

    def __init__(self, client: QMPClient, sock: socket.socket, path: Path) -> None:
        self._client = client
        self._socket = sock
        self._path = path

    @property
    def version(self) -> tuple[int, int]:
        """Major and minor version of QEMU."""
        greeting = self._client.greeting
        version: Mapping[str, Any] = greeting.QMP.version if greeting is not None else {}
        numbers = version.get("qemu", {})
        return int(numbers.get("major", 0)), int(numbers.get("minor", 0))

    async def execute(self, command: str, arguments: dict[str, object] | None = None) -> Any:  # noqa: ANN401 - JSON
        """Run one command.

        Raises:
            CommandError: QEMU refused it.
            MonitorError: QEMU is gone or stuck.
        """
        try:
            async with asyncio.timeout(ANSWER_S):
                return await self._client.execute(command, arguments)
        except ExecuteError as error:
            raise CommandError(f"QEMU refused '{command}': {error}.") from error
        except TimeoutError as error:
            raise MonitorError(f"QEMU did not answer '{command}' within {ANSWER_S:.0f} s.") from error
        except (QMPError, OSError, EOFError) as error:
            raise MonitorError(f"QEMU's monitor {self._path.name} closed.") from error

    async def human(self, command: str) -> str:
        """Run one command of the human monitor, which tells its errors in its answer; raises as :meth:`execute`."""
        return str(await self.execute("human-monitor-command", {"command-line": command}))

    def send_descriptor(self, fd: int) -> None:
        """Pass a descriptor; ``getfd`` then names it.

        Raises:
            MonitorError: the monitor closed.
        """
        # The library's own way reaches into asyncio's transport, which other event loops do not have.
        try:
            socket.send_fds(self._socket, [b" "], [fd])
        except OSError as error:
            raise MonitorError(f"QEMU's monitor {self._path.name} closed.") from error

    async def closed(self) -> None:
        """Returns when QEMU closed the monitor."""
        while self._client.runstate == Runstate.RUNNING:
            await self._client.runstate_changed()


@asynccontextmanager
async def connect(path: Path) -> AsyncIterator[Monitor]:
    """A connected monitor, disconnected at the end.

    Raises:
        MonitorError: nobody listens there, or it is not QEMU.
    """
    try:
        async with asyncio.timeout(GREETING_S):
            sock = await _connected(path)
            client = await _greeted(sock)
    except TimeoutError as error:
        raise MonitorError(f"Nobody answers on QEMU's monitor {path.name}.") from error
    except (QMPError, OSError, EOFError) as error:
        raise MonitorError(f"QEMU's monitor {path.name} cannot be reached: {error}.") from error
    try:
        yield Monitor(client, sock, path)
    finally:
        with suppress(QMPError, OSError, EOFError):
            await client.disconnect()


async def _connected(path: Path) -> socket.socket:
    deadline = asyncio.get_running_loop().time() + LISTEN_S
    while True:
        sock = socket.socket(socket.AF_UNIX)
        sock.setblocking(False)
        try:
            sock.connect(str(path))
        except OSError as error:
            sock.close()
            # QEMU makes the socket's file a moment before it listens.
            if not isinstance(error, ConnectionRefusedError) or asyncio.get_running_loop().time() > deadline:
                raise
        else:
            return sock
        await asyncio.sleep(LISTEN_POLL_S)


async def _greeted(sock: socket.socket) -> QMPClient:
    client = QMPClient()
    client.logger = _silent
    client.events.event_filter = lambda _: False  # nobody reads them, and it would keep them for ever
    try:
        await client.connect(sock)
    except BaseException:
        sock.close()
        raise
    return client
