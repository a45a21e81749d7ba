"""A TCP proxy that can fall silent, as a black hole does: connections stay open and nothing passes."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from backend.contract.tasks import TaskScope

log = logging.getLogger(__name__)


class Proxy:
    """Forwards to ``target_port`` of this machine, unless it is told not to."""

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self.port = 0
        self._open = asyncio.Event()
        self._open.set()
        self._tasks = TaskScope("proxy")
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    def pause(self) -> None:
        """From now on nothing passes; the kernel still answers for us, as for a stopped process."""
        self._open.clear()

    def resume(self) -> None:
        """Pass on what was held, and what comes."""
        self._open.set()

    def cut(self) -> None:
        """Reset all connections."""
        for writer in list(self._writers):
            writer.transport.abort()

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """End everything."""
        assert self._server is not None
        self._server.close()
        self.cut()
        await self._tasks.close()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.spawn(self._join(reader, writer), "connection")

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        there = None
        try:
            await self._open.wait()
            back, there = await asyncio.open_connection("127.0.0.1", self.target_port)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._pass(reader, there))
                tasks.create_task(self._pass(back, writer))
        except* OSError:
            log.debug("a connection through the proxy ended")
        finally:
            self._writers.discard(writer)
            for end in (writer, there):
                if end is not None:
                    end.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1 << 16):
            await self._open.wait()
            writer.write(data)
            await writer.drain()
        raise ConnectionResetError


@asynccontextmanager
async def proxying(target_port: int) -> AsyncIterator[Proxy]:
    """A running proxy, stopped afterwards."""
    proxy = Proxy(target_port)
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.stop()
