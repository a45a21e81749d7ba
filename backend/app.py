"""``loco-backend``: puts the parts together, starts and stops them."""

import argparse
import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import aiohttp

from backend.api.application import create_application
from backend.api.clients import ClientLimits, Clients, networks
from backend.api.lan_source import LanSource
from backend.api.metrics import Metrics
from backend.api.server import bind, is_loopback, serving, url_of
from backend.api.services import Services
from backend.contract import garbage, logs
from backend.contract.errors import LocoError, SettingsError
from backend.contract.settings import load, load_section
from backend.contract.tasks import END_OF_SESSION, LoopErrors, TaskScope
from backend.discovery.announcement import Announcement
from backend.discovery.follower import Followers
from backend.discovery.health import Judge
from backend.discovery.kubernetes.statistics import Statistics
from backend.discovery.pool import StreamerPool
from backend.discovery.registry import Registry
from backend.discovery.source import InstanceSource
from backend.discovery.standing import LOST_AFTER_S
from backend.discovery.static_file import StaticFile
from backend.settings import BackendSettings
from backend.signaling.broker import Broker
from backend.signaling.ice import IceDirectory, IceSettings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Source:
    """Where instances come from, and what it can do for one of them."""

    instances: InstanceSource
    restart: Callable[[str], Awaitable[None]] | None = None
    on_lost: Callable[[str], None] | None = None
    statistics: Statistics | None = None
    """Of list and watch on Kubernetes."""
    lan: str = ""
    """Where the switch of its guests tells of itself; empty where it has none."""
    zone: Callable[[], str] = str
    """The zone of this backend; empty while unknown."""
    lost_after_s: float = LOST_AFTER_S
    forget_after_s: float = 0.0


DESCRIPTION = "Finds the emulators of a wall, tells viewers about them, and introduces viewers to their streamers."
EPILOG = (
    "Examples: 'loco-backend --local 9' runs nine guests on this machine; "
    "'loco-backend --instances-file wall.toml --host 0.0.0.0' serves guests that run elsewhere; "
    "'loco-backend --kubernetes --host 0.0.0.0' serves those of a cluster, as the table [kubernetes] or the variables "
    "LOCO_KUBERNETES_* say."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; the exit status: 0 asked to stop, 1 cannot run, 2 wrong settings."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        settings, tables = load(BackendSettings, "backend", arguments, description=DESCRIPTION, epilog=EPILOG)
        logs.configure("backend", settings.log_level, "json" if settings.log_format == "json" else "text")
        # Inherited by guests and streamers: closing a terminal does not end the wall.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        return asyncio.run(run(settings, tables, _config_path(arguments)))
    except SettingsError as error:
        sys.stderr.write(f"loco-backend: {error}\n")
        return 2
    except LocoError as error:
        sys.stderr.write(f"loco-backend: {error}\n")
        return 1


async def run(settings: BackendSettings, tables: dict[str, Any], config: str = "") -> int:
    """Serve until a signal asks to stop.

    Raises:
        LocoError: it cannot start; the text says why and what to do.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(LoopErrors(*END_OF_SESSION))
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running(settings, tables, config) as url:
        log.info("listening on %s", url)
        announce_ready(settings, url)
        garbage.settle()
        await stop.wait()
        log.info("stopping")
    return 0


@asynccontextmanager
async def running(settings: BackendSettings, tables: dict[str, Any], config: str = "") -> AsyncIterator[str]:
    """A whole backend; yields its URL. It stops in the reverse order of its start.

    Raises:
        LocoError: it cannot start.
    """
    ice = IceDirectory(load_section(IceSettings, "ice", tables))
    clients = _clients(settings)
    async with AsyncExitStack() as stack:
        listener = bind(settings.host, settings.port)
        stack.callback(listener.close)
        source = await _source(settings, tables, config, stack)
        registry = Registry(
            source.instances.mode, lost_after_s=source.lost_after_s, forget_after_s=source.forget_after_s
        )
        client = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        pool = await stack.enter_async_context(StreamerPool())
        lan = await stack.enter_async_context(LanSource(source.lan or settings.lan))
        tasks = TaskScope("backend")
        stack.push_async_callback(tasks.close)
        tasks.spawn(registry.follow(source.instances), "discovery")
        tasks.spawn(Followers(registry, client, on_lost=source.on_lost, zone=source.zone).run(), "status followers")
        tasks.spawn(pool.follow(registry), "streamer pool")
        services = replace(_services(settings, registry, pool, source, lan), ice=ice, clients=clients)
        application = create_application(services)
        server = serving(application, listener, stopping=services.stopping, drain_s=settings.drain_s)
        await stack.enter_async_context(server)
        _announce(settings, listener.getsockname()[1], registry, source, tasks)
        yield url_of(listener)


def announce_ready(settings: BackendSettings, url: str) -> None:
    """Tell the program that started this one where it listens."""
    line = json.dumps({"url": url}) + "\n"
    try:
        if settings.ready_file is not None:
            # In one step: a reader that polls never sees half of it.
            fresh = settings.ready_file.with_name(f".{settings.ready_file.name}.{os.getpid()}")
            fresh.write_text(line)
            fresh.replace(settings.ready_file)
        if settings.ready_fd is not None:
            with os.fdopen(settings.ready_fd, "w") as pipe:
                pipe.write(line)
    except OSError as error:
        raise SettingsError(f"Cannot write the ready line: {error.strerror}. Check ready_fd and ready_file.") from error


async def _source(settings: BackendSettings, tables: dict[str, Any], config: str, stack: AsyncExitStack) -> _Source:
    if settings.mode == "static":
        assert settings.instances_file is not None
        return _Source(StaticFile(settings.instances_file))
    if settings.mode == "kubernetes":
        return await _kubernetes(tables, stack)
    # The image of the backend in a cluster has no emulator in it.
    from backend.local.cluster import Cluster  # noqa: PLC0415
    from backend.local.plan import cluster_plan  # noqa: PLC0415

    plan = cluster_plan(settings, tables, config=config, loopback=is_loopback(settings.host))
    cluster = await stack.enter_async_context(Cluster(plan))
    return _Source(cluster, cluster.restart, cluster.replace_streamer, lan=cluster.lan_address)


async def _kubernetes(tables: dict[str, Any], stack: AsyncExitStack) -> _Source:
    # kubernetes.aio costs some MiB and half a second, which only a cluster is worth.
    from backend.discovery.kubernetes.settings import KubernetesSettings  # noqa: PLC0415
    from backend.discovery.kubernetes.source import KubernetesSource  # noqa: PLC0415

    settings = load_section(KubernetesSettings, "kubernetes", tables)
    source = await stack.enter_async_context(KubernetesSource(settings))
    return _Source(
        source,
        statistics=source.statistics,
        zone=lambda: source.zone,
        lost_after_s=settings.lost_after_s,
        forget_after_s=settings.forget_after_s,
    )


def _services(
    settings: BackendSettings, registry: Registry, pool: StreamerPool, source: _Source, lan: LanSource
) -> Services:
    return Services(
        registry=registry,
        broker=Broker(registry.get, pool),
        metrics=Metrics(registry, source.statistics, pool, lan),
        lan=lan,
        quality=Judge(registry).quality,
        refresh=source.instances.refresh,
        restart=source.restart,
        allowed_hosts=frozenset(name.lower() for name in settings.allowed_hosts),
        request_timeout_s=settings.request_timeout_s,
        body_limit_bytes=settings.body_limit_kib * 1024,
    )


def _clients(settings: BackendSettings) -> Clients:
    limits = ClientLimits(
        rate_per_s=settings.requests_per_s,
        burst=settings.request_burst,
        streams=settings.streams_per_caller,
        all_streams=settings.streams,
    )
    return Clients(limits, networks(settings.trusted_proxies))


def _announce(settings: BackendSettings, port: int, registry: Registry, source: _Source, tasks: TaskScope) -> None:
    if is_loopback(settings.host):
        return
    log.warning("everybody who reaches %s can watch and play: there is no authentication", settings.host)
    if settings.zeroconf:
        announcement = Announcement(
            name=settings.wall_name, host=settings.host, port=port, registry=registry, zone=source.zone
        )
        tasks.spawn(announcement.run(), "zeroconf announcement")


def _config_path(arguments: Sequence[str]) -> str:
    """The settings file that the flag names: streamers read it too."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--config", default="")
    path: str = parser.parse_known_args(arguments)[0].config
    return path
