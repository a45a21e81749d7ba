"""Composition: the switch with everything that connects to it, and the port agent; start and stop."""

import asyncio
import contextlib
import importlib
import json
import logging
import os
import signal
import time
from collections.abc import Callable

from backend.contract.errors import SettingsError
from backend.contract.tasks import TaskScope
from backend.lan.addresses import read_address
from backend.lan.agent import Agent
from backend.lan.agents import Agents
from backend.lan.dgram_port import DgramPort
from backend.lan.link import Links, tls_context
from backend.lan.rooms import named
from backend.lan.settings import LanSettings, PortSettings
from backend.lan.streams import dial, listen, take_in
from backend.lan.switch import Switch

log = logging.getLogger(__name__)

TICK_S = 0.5
"""How soon a QEMU that says nothing by itself is noticed."""


async def serve_switch(settings: LanSettings) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises:
        SettingsError: settings that contradict each other.
        ListenError: a socket cannot be made.
    """
    stop = _stop_by_signal()
    switch = Switch(settings)
    tasks = TaskScope("switch")
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(switch.close)
        stack.push_async_callback(tasks.close)
        for number in range(settings.guests):
            _open(switch.dgram_port(f"instance-{number}"), switch)
        await _open_streams(settings, switch, tasks, stack)
        await _open_links(settings, switch, tasks, stack)
        tasks.spawn(_tick(switch.tick), "clock")
        if settings.probe_s:
            for room in switch.rooms.values():
                tasks.spawn(room.prober.run(settings.probe_s), f"questions in room {room.room.name}")
        # Half of the start is to load what serves HTTP: frames pass meanwhile.
        await asyncio.to_thread(importlib.import_module, "backend.lan.http")
        from backend.lan.http import application, serving  # noqa: PLC0415

        where = await stack.enter_async_context(serving(application(switch), read_address(settings.http, "http")))
        log.info("the switch serves the rooms %s; status at %s", ", ".join(switch.rooms), where)
        _tell_ready(settings.ready_fd, where)
        await stop.wait()
        log.info("stopping")


async def serve_port(settings: PortSettings, instance: str) -> None:
    """Carry the frames of one guest until SIGTERM or SIGINT.

    Raises:
        SettingsError: an address that cannot be.
        ListenError: a socket cannot be made.
    """
    stop = _stop_by_signal()
    agent = Agent(settings, instance, read_address(settings.switch, "switch"))
    tasks = TaskScope("port agent")
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(agent.close)
        stack.push_async_callback(tasks.close)
        agent.open()
        tasks.spawn(agent.run(), "switch")
        tasks.spawn(_tick(lambda _now_s: agent.port.check()), "clock")
        await asyncio.to_thread(importlib.import_module, "backend.lan.agent_http")
        from backend.lan.agent_http import application  # noqa: PLC0415
        from backend.lan.http import serving  # noqa: PLC0415

        await stack.enter_async_context(serving(application(agent), read_address(settings.http, "http")))
        log.info("carries frames of %s to %s", settings.directory, settings.switch)
        await stop.wait()
        log.info("stopping")


def _open(port: DgramPort, switch: Switch) -> None:
    port.open(switch.room_of(port.name).room.forward)


async def _open_streams(
    settings: LanSettings, switch: Switch, tasks: TaskScope, stack: contextlib.AsyncExitStack
) -> None:
    for name, (text, *more) in named(settings.dial, "dial", "instance-3=/run/guest.sock").items():
        _require_single(name, more, "dial")
        port, address = switch.stream_port(name), read_address(text, "dial")
        tasks.spawn(dial(port, address, queue_frames=settings.queue_frames), f"port {port.number}")
    for name, (text, *more) in named(settings.accept, "accept", "instance-3=/run/guest.sock").items():
        _require_single(name, more, "accept")
        accepted = take_in(tasks, switch.stream_port(name))
        server = await listen(read_address(text, "accept"), "accept", accepted, queue_frames=settings.queue_frames)
        stack.callback(server.close)
    if settings.listen:
        agents = Agents(switch, settings.token, tasks)
        address = read_address(settings.listen, "listen")
        server = await listen(address, "listen", agents.accepted, queue_frames=settings.queue_frames)
        stack.callback(server.close)
        log.info("port agents connect to %s", address)


async def _open_links(
    settings: LanSettings, switch: Switch, tasks: TaskScope, stack: contextlib.AsyncExitStack
) -> None:
    if not settings.link_listen and not settings.links:
        return
    if settings.certificate is None or settings.key is None or settings.authority is None:
        raise SettingsError("Links need 'certificate', 'key' and 'authority'; docs/lan.md shows how to make them.")
    files = settings.certificate, settings.key, settings.authority
    links = Links(switch, tasks)
    if settings.link_listen:
        address = read_address(settings.link_listen, "link_listen")
        server = await links.listen(address, tls_context(*files, server=True))
        stack.callback(server.close)
        log.info("switches of other sites connect to %s", address)
    context = tls_context(*files, server=False)
    for room, texts in named(settings.links, "links", "lan=other.example:8491").items():
        for text in texts:
            switch.require_room(room)
            tasks.spawn(links.dial(room, read_address(text, "links"), context), f"link of room {room} to {text}")


def _require_single(name: str, more: list[str], setting: str) -> None:
    if more:
        raise SettingsError(f"'{setting}' has {name!r} twice: each guest has one address.")


async def _tick(do: Callable[[float], None]) -> None:
    while True:
        await asyncio.sleep(TICK_S)
        do(time.monotonic())


def _stop_by_signal() -> asyncio.Event:
    """Set when the program shall stop; made first, so that it stops in order however early that is."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _tell_ready(descriptor: int, where: str) -> None:
    if descriptor >= 0:
        with os.fdopen(descriptor, "w") as pipe:
            pipe.write(json.dumps({"http": where}) + "\n")
