"""What a supervisor in a container of its own can be asked, over a socket in the run directory.

Whoever connects is told the supervisor's report, one line of JSON; that is all that a probe wants. A streamer may ask
for another QEMU by a line of its own, and is told the report of then. No container needs rights over another for that,
and it works where QEMU's own monitors answer nothing any more.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from backend.contract.status import GuestReport
from backend.qemu.errors import SupervisorError

log = logging.getLogger(__name__)

_RESTART = b'{"ask": "restart"}\n'
_MAX_LINE_BYTES = 4096
ASK_S = 1.0
"""For a caller to say what it wants; most say nothing and leave."""
ANSWER_S = 5.0
"""A killed QEMU is gone within some ms, and a supervisor that is not stuck says so at once."""


async def serve(
    path: Path, *, report: Callable[[], GuestReport], restart: Callable[[], Awaitable[None]]
) -> asyncio.Server:
    """Answer at ``path`` until the server is closed.

    Raises:
        OSError: there can be no socket.
    """

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(_line(report()))
            async with asyncio.timeout(ASK_S):
                asked = await reader.readline()
            if asked == _RESTART:
                log.info("QEMU is started again, as its streamer was asked to see to")
                await restart()
                writer.write(_line(report()))
        except (OSError, TimeoutError, ValueError) as error:
            log.debug("A caller left, or said too much or nothing: %r", error)
        finally:
            writer.close()

    return await asyncio.start_unix_server(answer, path, limit=_MAX_LINE_BYTES)


async def ask_restart(path: Path) -> None:
    """Have the supervisor at ``path`` end QEMU and start another; returns when the old one has ended.

    Raises:
        SupervisorError: nobody there, or no answer.
    """
    try:
        async with asyncio.timeout(ANSWER_S):
            reader, writer = await asyncio.open_unix_connection(path, limit=_MAX_LINE_BYTES)
            try:
                writer.write(_RESTART)
                answers = [await reader.readline(), await reader.readline()]
            finally:
                writer.close()
    except (OSError, TimeoutError, ValueError) as error:
        raise SupervisorError(
            f"No loco-emulator answers at {path}, and only that can start QEMU again. Restart the program or the "
            "container that runs QEMU."
        ) from error
    if not all(answers):
        raise SupervisorError(f"The loco-emulator at {path} is being stopped; it starts QEMU when it starts again.")


def _line(report: GuestReport) -> bytes:
    return json.dumps(report.to_json()).encode() + b"\n"
