from typing import Any

from zeroconf import ServiceStateChange
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from backend.contract.routes import ZEROCONF_TYPE
from backend.contract.tasks import TaskScope
from backend.discovery.announcement import Announcement
from backend.discovery.registry import Registry
from backend.discovery.source import Sighting, Upsert
from tests.backend.fake_streamer import until


class Listener:
    """A kiosk that looks for backends."""

    def __init__(self, network: AsyncZeroconf) -> None:
        self.names: set[str] = set()
        self.updates = 0
        self._network = network
        self._browser = AsyncServiceBrowser(network.zeroconf, ZEROCONF_TYPE, handlers=[self._change])

    def _change(self, *, name: str, state_change: ServiceStateChange, **_: Any) -> None:
        self.updates += state_change is ServiceStateChange.Updated
        (self.names.discard if state_change is ServiceStateChange.Removed else self.names.add)(name)

    async def info(self, name: str) -> AsyncServiceInfo:
        info = AsyncServiceInfo(ZEROCONF_TYPE, name)
        await info.async_request(self._network.zeroconf, 2000)
        return info

    async def close(self) -> None:
        await self._browser.async_cancel()


async def test_a_backend_is_found_with_its_record_and_says_goodbye() -> None:
    registry = Registry("test")
    label = f"Yard {id(registry)}"
    name = f"{label}.{ZEROCONF_TYPE}"
    announcement = Announcement(
        name=label, host="127.0.0.1", port=8480, registry=registry, interfaces=("127.0.0.1",), zone=lambda: "a"
    )
    tasks = TaskScope("test")
    async with AsyncZeroconf(interfaces=["127.0.0.1"]) as network:
        listener = Listener(network)
        tasks.spawn(announcement.run(), "announcement")
        await until(lambda: name in listener.names)
        info = await listener.info(name)
        assert (info.port, info.parsed_addresses()) == (8480, ["127.0.0.1"])
        assert info.decoded_properties == {"version": "1", "name": label, "instances": "0", "zone": "a"}
        registry.apply(Upsert(Sighting(id="instance-0", slot=0, name="PC")))
        await until(lambda: listener.updates)
        assert (await listener.info(name)).decoded_properties["instances"] == "1"
        await tasks.close()
        await until(lambda: name not in listener.names)
        await listener.close()
