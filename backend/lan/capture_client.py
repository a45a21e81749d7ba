"""``loco-lan capture``: copies a live capture of a running switch to standard output, for a file or for Wireshark."""

import asyncio
import contextlib
import sys
from typing import BinaryIO

import aiohttp

from backend.contract import routes
from backend.contract.errors import WireError
from backend.contract.problem import Problem
from backend.lan.addresses import read_address
from backend.lan.errors import LanError
from backend.lan.settings import CaptureSettings


class CaptureError(LanError):
    """The switch gives no capture; the text says why."""


async def copy(settings: CaptureSettings, output: BinaryIO) -> None:
    """Copy until the switch stops, the reader of ``output`` leaves, or ``settings.seconds`` are over.

    Raises:
        CaptureError: the switch does not answer, or has no such port or room.
    """
    address = read_address(settings.http, "http")
    connector = aiohttp.UnixConnector(address.path) if address.path else None
    url = f"http://{'localhost' if address.path else address}{routes.LAN_CAPTURE}"
    timeout = aiohttp.ClientTimeout(total=settings.seconds or None, sock_connect=5.0)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        try:
            async with session.get(url, params=_choice(settings)) as response:
                if response.status != 200:
                    raise CaptureError(_reason(await response.read()))
                # The whole capture is one answer: its end by time is no failure.
                with contextlib.suppress(TimeoutError, BrokenPipeError):
                    async for chunk in response.content.iter_any():
                        output.write(chunk)
                        output.flush()
        except aiohttp.ClientConnectionError as error:
            raise CaptureError(f"The switch at {settings.http} does not answer: {error}.") from error


def main(settings: CaptureSettings) -> None:
    """Copy to standard output until interrupted.

    Raises:
        CaptureError: see :func:`copy`, or standard output is a terminal.
    """
    if sys.stdout.isatty():
        raise CaptureError("A capture is no text: write it to a file, loco-lan capture --port 3 > file.pcapng")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(copy(settings, sys.stdout.buffer))


def _choice(settings: CaptureSettings) -> dict[str, str]:
    choice = {"room": settings.room} if settings.room else {}
    return choice | ({"port": str(settings.port)} if settings.port else {})


def _reason(body: bytes) -> str:
    try:
        return Problem.from_json(body).detail
    except WireError:
        return f"The switch refuses: {body[:200]!r}"
