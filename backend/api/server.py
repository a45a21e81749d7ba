"""Binding and serving."""

import asyncio
import errno
import ipaddress
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from backend.contract.errors import LocoError

SHUTDOWN_S = 1.0
"""For requests under way when the backend stops; the guests have the rest of the three seconds."""

KEEP_ALIVE_S = 75.0
"""Longer than proxies keep theirs (60 s), so that none sends a request into a connection that is being closed. It also
ends connections whose first request never comes."""

UNREAD_S = 30.0
"""A caller that takes in nothing of its answer for so long is cut off by the kernel, as is one whose machine vanished.
Connections inherit it from the listening socket."""


class ListenError(LocoError):
    """The port cannot be used; the text says what to do."""


def bind(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        ListenError: the address is busy, forbidden, or not of this machine.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ListenError(f'The host {host!r} is no address of this machine: write host = "127.0.0.1".') from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(UNREAD_S * 1000))
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise ListenError(_words(host, port, error)) from error
    listener.setblocking(False)
    return listener


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server on ``host``."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def url_of(listener: socket.socket) -> str:
    """The URL under which this machine reaches ``listener``."""
    host, port = listener.getsockname()[:2]
    address = ipaddress.ip_address(host)
    if address.is_unspecified:
        host = "127.0.0.1" if address.version == 4 else "::1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@asynccontextmanager
async def serving(
    app: web.Application, listener: socket.socket, *, stopping: asyncio.Event | None = None, drain_s: float = 0.0
) -> AsyncIterator[None]:
    """Serve ``app`` on ``listener`` inside the context.

    The end has an order: no longer ready, then ``drain_s`` in which load balancers take notice while requests are still
    answered, then no new connections, the event streams closed with "going away", and requests under way finished.
    """
    runner = web.AppRunner(
        app, access_log=None, logger=_http_log(), shutdown_timeout=SHUTDOWN_S, keepalive_timeout=KEEP_ALIVE_S
    )
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        yield
    finally:
        if stopping is not None:
            stopping.set()
            await asyncio.sleep(drain_s)
        await runner.cleanup()


def _words(host: str, port: int, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"Port {port} on {host} is in use by another program. Stop that program, or choose another port with "
                "--port N (0 takes any free one)."
            )
        case errno.EACCES:
            return f"Port {port} needs more rights than this user has: choose one above 1023 with --port N."
        case errno.EADDRNOTAVAIL:
            return f"{host} is no address of this machine: choose one with --host, such as 127.0.0.1 or 0.0.0.0."
        case _:
            return f"Cannot listen on {host} port {port}: {error.strerror}."


def _http_log() -> logging.Logger:
    """The logger of aiohttp's protocol; what a stranger sends is worth a line, not a traceback."""
    logger = logging.getLogger("backend.http")
    logger.addFilter(_shorten)
    return logger


def _shorten(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, HttpProcessingError):
        record.exc_info, record.levelno, record.levelname = None, logging.INFO, "INFO"
        record.msg, record.args = "refused what is not HTTP (%s)", (type(error).__name__,)
    return True
