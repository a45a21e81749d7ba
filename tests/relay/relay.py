"""A UDP relay between two WebRTC peers of this machine, which does to their datagrams what a bad network does.

It stands in both descriptions: each peer sees the relay's address in the place of the other's, so that ICE, DTLS, media
and data channels all go through it, and nothing goes past it.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

from backend.contract.control import LARGE_PACKETS
from tests.relay.impairment import Impairment, Path

Address = tuple[str, int]
_HOST = "127.0.0.1"
_CANDIDATE = re.compile(r"^a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host.*$", re.IGNORECASE)


class Link:
    """The way of one pair of peers.

    Args:
        to_viewer, to_streamer: the two directions.
    """

    def __init__(self, to_viewer: Path, to_streamer: Path) -> None:
        self.to_viewer = to_viewer
        self.to_streamer = to_streamer
        self._near_viewer = _End(self._from_viewer)
        self._near_streamer = _End(self._from_streamer)
        self._viewer: Address | None = None
        self._streamer: Address | None = None

    async def open(self) -> None:
        """Bind both sockets."""
        for end in (self._near_viewer, self._near_streamer):
            await asyncio.get_running_loop().create_datagram_endpoint(lambda end=end: end, local_addr=(_HOST, 0))  # type: ignore[misc]  # a default binds it

    async def describe(self, offer: str, answer: Callable[[str], Awaitable[str]]) -> str:
        """Give ``answer`` the viewer's offer, and the viewer its answer, each with the relay's address."""
        self._viewer = address_in(offer)
        # To both ends the relay is the network: packets shall be as small as there.
        bent = offer.replace(f"{LARGE_PACKETS}\r\n", "")
        given = await answer(with_address(bent, self._near_streamer.address))
        self._streamer = address_in(given)
        return with_address(given, self._near_viewer.address)

    def close(self) -> None:
        """Close both sockets; what is under way is lost."""
        self._near_viewer.close()
        self._near_streamer.close()

    def _from_viewer(self, data: bytes, source: Address) -> None:
        self._viewer = source  # its own socket, whatever address it described
        self._pass_on(data, self.to_streamer, self._near_streamer, self._streamer)

    def _from_streamer(self, data: bytes, source: Address) -> None:
        self._streamer = source
        self._pass_on(data, self.to_viewer, self._near_viewer, self._viewer)

    def _pass_on(self, data: bytes, path: Path, end: "_End", target: Address | None) -> None:
        loop = asyncio.get_running_loop()
        now_s = loop.time()
        at_s = path.arrival_s(len(data), now_s)
        if at_s is None or target is None:
            return
        if at_s <= now_s:
            end.send(data, target)
        else:
            loop.call_at(at_s, end.send, data, target)


class Relay:
    """Makes a link for each session, all of the same kind; ``async with Relay(...) as relay:``."""

    def __init__(self, to_viewer: Impairment, to_streamer: Impairment, *, seed: int = 1) -> None:
        self.links: list[Link] = []
        self._to_viewer = to_viewer
        self._to_streamer = to_streamer
        self._seed = seed

    async def __aenter__(self) -> "Relay":
        return self

    async def __aexit__(self, *_: object) -> None:
        for link in self.links:
            link.close()

    async def bend(self, offer: str, answer: Callable[[str], Awaitable[str]]) -> str:
        """See :meth:`Link.describe`; for a new session."""
        number = 2 * (self._seed + len(self.links))
        link = Link(Path(self._to_viewer, number), Path(self._to_streamer, number + 1))
        await link.open()
        self.links.append(link)
        return await link.describe(offer, answer)

    def change(self, to_viewer: Impairment, to_streamer: Impairment) -> None:
        """The network is another from now on."""
        self._to_viewer, self._to_streamer = to_viewer, to_streamer
        for link in self.links:
            link.to_viewer.impairment, link.to_streamer.impairment = to_viewer, to_streamer


class _End(asyncio.DatagramProtocol):
    """One socket of a link."""

    def __init__(self, on_datagram: Callable[[bytes, Address], None]) -> None:
        self._on_datagram = on_datagram
        self._transport: asyncio.DatagramTransport | None = None

    @property
    def address(self) -> Address:
        """Where it listens."""
        assert self._transport is not None
        host, port = self._transport.get_extra_info("sockname")
        return host, port

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, address: Address) -> None:
        self._on_datagram(data, address)

    def send(self, data: bytes, target: Address) -> None:
        """Send, unless it is closed."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(data, target)

    def close(self) -> None:
        """Close it."""
        if self._transport is not None:
            self._transport.close()


def address_in(sdp: str) -> Address:
    """The first IPv4 host candidate of a description.

    Raises:
        ValueError: it has none.
    """
    for line in sdp.splitlines():
        if (found := _CANDIDATE.match(line)) and ":" not in found[1]:
            return found[1], int(found[2])
    raise ValueError("The description has no IPv4 host candidate.")


def with_address(sdp: str, address: Address) -> str:
    """The description with one candidate in each place where it had some: ``address``."""
    lines: list[str] = []
    for line in sdp.splitlines():
        if not line.startswith("a=candidate:"):
            lines.append(line)
        elif not (lines and lines[-1].startswith("a=candidate:")):
            lines.append(f"a=candidate:1 1 udp 2130706431 {address[0]} {address[1]} typ host")
    return "\r\n".join(lines) + "\r\n"
