"""Tells the local network by zeroconf (DNS-SD, RFC 6763) where this backend is."""

import ipaddress
import logging
import socket
from collections.abc import Callable

import zeroconf
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from backend.contract.retry import Backoff, forever
from backend.contract.routes import ZEROCONF_TYPE
from backend.contract.version import PROTOCOL_VERSION
from backend.discovery.registry import Registry

log = logging.getLogger(__name__)

_BACKOFF = Backoff(initial_s=2.0, maximum_s=60.0)


class Announcement:
    """One announced service.

    Its TXT record has ``version``, ``name``, ``instances`` (how many) and, where known, ``zone``.
    """

    def __init__(
        self,
        *,
        name: str,
        host: str,
        port: int,
        registry: Registry,
        interfaces: tuple[str, ...] = (),
        zone: Callable[[], str] = str,
    ) -> None:
        self._name = name
        self._host = host
        self._port = port
        self._registry = registry
        self._interfaces = interfaces
        self._zone = zone

    async def run(self) -> None:
        """Announce until cancelled, then say goodbye."""
        await forever("zeroconf announcement", self._attempt, failures=(OSError, zeroconf.Error), backoff=_BACKOFF)

    async def _attempt(self, healthy: Callable[[], None]) -> None:
        interfaces = list(self._interfaces) or zeroconf.InterfaceChoice.Default
        network = AsyncZeroconf(interfaces=interfaces)
        try:
            info = self._info()
            await network.async_register_service(info, allow_name_change=True)
            healthy()
            log.info("announced on the local network as %s", info.name)
            await self._keep_up_to_date(network, info)
        finally:
            await network.async_unregister_all_services()
            await network.async_close()

    async def _keep_up_to_date(self, network: AsyncZeroconf, info: AsyncServiceInfo) -> None:
        told = len(self._registry.instances)
        with self._registry.subscribe() as subscription:
            while True:
                await subscription.get()
                if (count := len(self._registry.instances)) != told:
                    told = count
                    await (await network.async_update_service(self._info(info.name, info.server)))

    def _info(self, name: str = "", server: str | None = None) -> AsyncServiceInfo:
        zone = {"zone": self._zone()} if self._zone() else {}
        label = "".join(letter for letter in self._name if letter not in ".\\")[:40] or "loco"
        return AsyncServiceInfo(
            ZEROCONF_TYPE,
            name or f"{label}.{ZEROCONF_TYPE}",
            port=self._port,
            server=server,
            parsed_addresses=_addresses(self._host),
            properties={
                "version": str(PROTOCOL_VERSION),
                "name": self._name,
                "instances": str(len(self._registry.instances)),
                **zone,
            },
        )


def _addresses(host: str) -> list[str]:
    """The addresses to announce: ``host``, or for "all" those that the machine uses towards others."""
    address = ipaddress.ip_address(host)
    if not address.is_unspecified:
        return [host]
    found = [_outward(socket.AF_INET, "192.0.2.1")]
    if address.version == 6:
        found.append(_outward(socket.AF_INET6, "2001:db8::1"))
    return [item for item in found if item] or ["127.0.0.1"]


def _outward(family: socket.AddressFamily, example: str) -> str:
    """The local address of the route to ``example``; connecting a UDP socket sends nothing."""
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((example, 9))
        except OSError:
            return ""
        host: str = probe.getsockname()[0]
        return host
