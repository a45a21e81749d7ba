"""Finds a backend: the one that the settings name, else those that announce themselves on the local network."""

import asyncio
import contextlib
import logging
import socket
import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zeroconf import ServiceInfo, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from backend.contract.routes import ZEROCONF_TYPE
from backend.contract.tasks import TaskScope

log = logging.getLogger(__name__)

_SETTLE_S = 0.1
"""After the first answer others of the same network follow within some ten milliseconds (RFC 6762, section 6)."""


@dataclass(frozen=True, slots=True)
class FoundBackend:
    """A backend that can be asked; ``name`` is for people, where there are several, and does not change."""

    name: str
    url: str
    machines: int | None = None
    """How many machines it announces; None where it does not tell."""
    zone: str = ""
    """The zone that it announces; empty where it knows none."""


async def find(*, configured: str, zeroconf: bool, timeout_s: float, wanted: str = "") -> tuple[FoundBackend, ...]:
    """Backends in the order of their names; none means: start an embedded one.

    Args:
        configured: address from flag, environment or file; it wins without a look at the network.
        zeroconf: whether to look.
        timeout_s: longest wait; much shorter once something answered.
        wanted: name of the backend that is worth the longest wait; empty: any.
    """
    if configured:
        return (FoundBackend(configured, configured.rstrip("/")),)
    if not zeroconf or timeout_s <= 0:
        return ()
    try:
        async with AsyncZeroconf() as network:
            return await _Search(network, timeout_s, wanted).run()
    except OSError as error:
        log.info("no look for backends on the network: %s", error)
        return ()


def choose(found: Sequence[FoundBackend], wanted: str = "", zone: str = "") -> FoundBackend:
    """The one to show where several answered: the wanted one, else the nearest, else the first.

    One of this machine is nearest; then one in the same ``zone``, where the kiosk's is known.
    """
    first, *others = found
    remembered = next((backend for backend in found if backend.name == wanted), None)
    if remembered is not None or not others:
        return remembered or first
    here = next((backend for backend in found if _is_here(backend.url)), None)
    return here or next((backend for backend in found if zone and backend.zone == zone), first)


def told_choice(chosen: FoundBackend, found: Sequence[FoundBackend]) -> str:
    """A sentence about the choice; "" where there was none to make."""
    others = ", ".join(f"{backend.name} ({backend.url})" for backend in found if backend != chosen)
    if not others:
        return ""
    return (
        f"Several walls answer: this is {chosen.name}. For another one set 'wall' to its name, or start with --backend "
        f"and its address: {others}."
    )


def _is_here(url: str) -> bool:
    """Whether the address is this machine's own: then, and only then, a socket can be bound to it."""
    host = urllib.parse.urlsplit(url).hostname or ""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, 0))
        except OSError:
            return False
        return True


class _Search:
    """One bounded search."""

    def __init__(self, network: AsyncZeroconf, timeout_s: float, wanted: str) -> None:
        self._network = network
        self._wanted = wanted
        self._timeout_s = timeout_s
        self._found: dict[str, FoundBackend] = {}
        self._first = asyncio.Event()
        self._tasks = TaskScope("finder")

    async def run(self) -> tuple[FoundBackend, ...]:
        browser = AsyncServiceBrowser(self._network.zeroconf, ZEROCONF_TYPE, handlers=[self._changed])
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._timeout_s):
                    await self._first.wait()
                    await asyncio.sleep(_SETTLE_S)
        finally:
            await self._tasks.close()
            await browser.async_cancel()
        return tuple(self._found[name] for name in sorted(self._found))

    def _changed(self, *, name: str, state_change: ServiceStateChange, **_: Any) -> None:  # noqa: ANN401
        if state_change is ServiceStateChange.Added:
            self._tasks.spawn(self._resolve(self._network.zeroconf, name), f"resolve {name}")

    async def _resolve(self, network: Zeroconf, name: str) -> None:
        info = AsyncServiceInfo(ZEROCONF_TYPE, name)
        if not await info.async_request(network, self._timeout_s * 1000):
            return
        if url := _url(info):
            zone = info.decoded_properties.get("zone") or ""
            found = FoundBackend(name.removesuffix("." + ZEROCONF_TYPE), url, _machines(info), zone)
            self._found[name] = found
            if self._wanted in ("", found.name):
                self._first.set()


def _machines(info: ServiceInfo) -> int | None:
    told = info.decoded_properties.get("instances") or ""
    return int(told) if told.isascii() and told.isdigit() and len(told) < 6 else None


def _url(info: ServiceInfo) -> str:
    """Address of the service, IPv4 first: a link-local IPv6 address needs a scope that URLs cannot carry well."""
    addresses = sorted(info.parsed_addresses(), key=lambda address: ":" in address)
    usable = [address for address in addresses if not address.lower().startswith("fe80:")]
    if not usable or not info.port:
        log.warning("the announced backend %s has no usable address", info.name)
        return ""
    host = f"[{usable[0]}]" if ":" in usable[0] else usable[0]
    return f"http://{host}:{info.port}"
