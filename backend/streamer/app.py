"""``loco-streamer``: composition, start and stop."""

import asyncio
import functools
import logging
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import replace

import uvloop
from aiohttp import web

from backend.contract import garbage, logs
from backend.contract.errors import LocoError, SettingsError
from backend.contract.instance import instance_id
from backend.contract.settings import load
from backend.contract.tasks import END_OF_SESSION, LoopErrors
from backend.qemu.guest import Guest
from backend.streamer import hardware, rtc
from backend.streamer.errors import StreamerError
from backend.streamer.http import application
from backend.streamer.settings import StreamerSettings
from backend.streamer.streamer import GuestFactory, Streamer
from backend.streamer.synthetic import SyntheticGuest

log = logging.getLogger(__name__)

_DESCRIPTION = """Streams the picture and sound of one emulated PC to any number of viewers over WebRTC, and hands the
keyboard and mouse of one of them to it. It stands beside the emulator and finds it by the sockets in its run directory.
The backend starts it; by hand, 'loco-streamer --synthetic' shows a test picture at http://127.0.0.1:8481/whep."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; the exit code is 0 after a stop by signal, 1 after a failure, 2 for wrong settings."""
    try:
        settings, _ = load(
            StreamerSettings, "streamer", sys.argv[1:] if arguments is None else arguments, description=_DESCRIPTION
        )
        settings = replace(settings, instance=instance_id(settings.instance, socket.gethostname()))
        style: logs.LogFormat = "json" if settings.log_format == "json" else "text"
        logs.configure("loco-streamer", settings.log_level, style, instance_id=settings.instance)
        uvloop.run(serve(settings))
    except SettingsError as error:
        print(f"loco-streamer: {error}", file=sys.stderr)
        return 2
    except LocoError as error:
        print(f"loco-streamer: {error}", file=sys.stderr)
        return 1
    except Exception:
        log.exception("The streamer stopped on an error that it does not know; please report it with these lines")
        return 1
    return 0


async def serve(settings: StreamerSettings) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises:
        SettingsError: the settings contradict each other.
        StreamerError: the socket cannot be opened.
    """
    asyncio.get_running_loop().set_exception_handler(LoopErrors(*END_OF_SESSION))
    make_guest = guest_factory(settings)
    listener = listening_socket(settings)
    rtc.tune()
    streamer = Streamer(settings, make_guest, device=await asyncio.to_thread(hardware.quickest))
    runner = web.AppRunner(application(streamer), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        host, port = listener.getsockname()[:2]
        log.info("%s is served at http://%s:%d/whep", settings.name or settings.instance, host, port)
        garbage.settle()
        await _until_stopped(streamer)
    finally:
        await runner.cleanup()


async def _until_stopped(streamer: Streamer) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(streamer.run(), name="streamer")
        await stop.wait()
        log.info("stopping")
        running.cancel()


def guest_factory(settings: StreamerSettings) -> GuestFactory:
    """What makes the guest that the settings name.

    Raises:
        SettingsError: they name none.
    """
    if settings.synthetic:
        return functools.partial(SyntheticGuest, tone=True)
    if settings.directory is None:
        raise SettingsError("Name the guest's run directory with --directory, or try --synthetic.")
    return functools.partial(Guest, settings.directory)


def listening_socket(settings: StreamerSettings) -> socket.socket:
    """The socket of the HTTP server, bound or inherited.

    Raises:
        SettingsError: the inherited descriptor is none, or ``listen`` is no address.
        StreamerError: the address cannot be used.
    """
    if settings.listen_fd >= 0:
        try:
            return socket.socket(fileno=settings.listen_fd)
        except OSError as error:
            raise SettingsError(f"'listen_fd' {settings.listen_fd} is not an open socket.") from error
    host, port = settings.address()
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=64)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StreamerError(f"Cannot listen on {settings.listen}: {reason}. Choose another --listen.") from error
