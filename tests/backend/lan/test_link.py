import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from backend.contract.errors import SettingsError
from backend.contract.lan import PortKind
from backend.contract.retry import Backoff
from backend.contract.tasks import TaskScope
from backend.lan import link as link_module
from backend.lan.addresses import Address
from backend.lan.connection import Connection
from backend.lan.errors import HandshakeError
from backend.lan.link import Links, tls_context
from backend.lan.room import Room
from backend.lan.settings import LanSettings
from backend.lan.switch import Switch
from tests.backend.lan.conftest import Authority
from tests.backend.lan.wires import Ear, frame, until

Files = tuple[Path, Path, Path]


class Site:
    """One switch with links, and a guest in its room."""

    def __init__(self, name: str, number: int, files: Files, *, rooms: tuple[str, ...] = ("lan=*",)) -> None:
        self.switch = Switch(LanSettings(site=name, rooms=rooms))
        self.tasks = TaskScope(name)
        self.links = Links(self.switch, self.tasks)
        self.guest = Ear(number)
        self.room.add(self.guest)
        self.address = Address("127.0.0.1", 0)
        self._files = files

    @property
    def room(self) -> Room:
        """The first one."""
        return next(iter(self.switch.rooms.values())).room

    @property
    def connected(self) -> int:
        """Links that stand."""
        return sum(port.connected for port in self.room.ports if port.kind is PortKind.LINK)

    def dial(self, other: "Site", room: str = "lan") -> None:
        context = tls_context(*self._files, server=False)
        self.tasks.spawn(self.links.dial(room, other.address, context), f"link to {other.switch.site}")

    def say(self, data: bytes) -> None:
        self.room.forward(self.guest, data, asyncio.get_running_loop().time())

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Site"]:
        server = await self.links.listen(self.address, tls_context(*self._files, server=True))
        self.address = Address(*server.sockets[0].getsockname())
        try:
            yield self
        finally:
            server.close()
            await self.tasks.close()


@asynccontextmanager
async def sites(*made: Site) -> AsyncIterator[tuple[Site, ...]]:
    async with AsyncExitStack() as stack:
        yield tuple([await stack.enter_async_context(site.open()) for site in made])


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_module, "_BACKOFF", Backoff(initial_s=0.02, maximum_s=0.1))


async def test_guests_of_two_sites_hear_each_other(authority: Authority) -> None:
    attic, cellar = Site("attic", 1, authority.issue("attic")), Site("cellar", 2, authority.issue("cellar"))
    async with sites(attic, cellar):
        attic.dial(cellar)
        await until(lambda: attic.connected and cellar.connected, "the link")
        attic.say(frame(1))
        await until(lambda: cellar.guest.heard == [frame(1)], "the broadcast")
        cellar.say(frame(2, 1))
        await until(lambda: attic.guest.heard == [frame(2, 1)], "the answer")
        assert [port.name for port in attic.room.ports] == ["instance-0", "lan@cellar"]


async def test_a_switch_that_restarts_is_linked_again(authority: Authority) -> None:
    attic = Site("attic", 1, authority.issue("attic"))
    async with sites(attic):
        address = Address("127.0.0.1", 0)
        for _ in range(2):
            cellar = Site("cellar", 2, authority.issue("cellar"))
            cellar.address = address
            async with sites(cellar):
                if not address.port:
                    attic.dial(cellar)
                address = cellar.address
                await until(lambda: attic.connected and cellar.connected, "the link")  # noqa: B023 - used at once
                cellar.say(frame(2))
                await until(lambda: attic.guest.heard, "the broadcast")
                attic.guest.heard.clear()
            await until(lambda: not attic.connected, "the end of the link")
        assert not attic.room.table.count(attic.room.ports[1])


async def test_where_both_dial_one_link_stays_and_no_frame_is_doubled(authority: Authority) -> None:
    attic, cellar = Site("attic", 1, authority.issue("attic")), Site("cellar", 2, authority.issue("cellar"))
    async with sites(attic, cellar):
        cellar.dial(attic)
        attic.dial(cellar)
        await until(lambda: sum(each.switch.refused["link"] for each in (attic, cellar)), "one of them refused")
        await until(lambda: attic.connected == 1 and cellar.connected == 1, "the other stands")
        for number in range(20):
            attic.say(frame(1, payload=bytes([number])))
        await until(lambda: len(cellar.guest.heard) >= 20, "the broadcasts")
        assert cellar.guest.heard == [frame(1, payload=bytes([number])) for number in range(20)]


async def test_three_sites_that_are_all_linked_make_no_loop(authority: Authority) -> None:
    names = ("attic", "cellar", "shed")
    made = [Site(name, number + 1, authority.issue(name)) for number, name in enumerate(names)]
    async with sites(*made) as (attic, cellar, shed):
        attic.dial(cellar)
        cellar.dial(shed)
        shed.dial(attic)
        await until(lambda: all(site.connected == 2 for site in made), "all links")
        for _ in range(10):
            attic.say(frame(1))
        await until(lambda: len(shed.guest.heard) >= 10 and len(cellar.guest.heard) >= 10, "the broadcasts")
        cellar.say(frame(2, 1))
        await until(lambda: attic.guest.heard == [frame(2, 1)], "the answer")
        assert (len(cellar.guest.heard), len(shed.guest.heard)) == (10, 10)


async def test_a_link_that_is_set_up_twice_stands_once(authority: Authority) -> None:
    attic, cellar = Site("attic", 1, authority.issue("attic")), Site("cellar", 2, authority.issue("cellar"))
    async with sites(attic, cellar):
        attic.dial(cellar)
        await until(lambda: attic.connected and cellar.connected, "the link")
        since = cellar.room.ports[1].since_unix_s
        attic.dial(cellar)
        await until(lambda: cellar.switch.refused["link"] > 1, "the second refused, and again")
        assert cellar.room.ports[1].since_unix_s == since


async def test_a_link_to_itself_is_refused(authority: Authority) -> None:
    async with sites(Site("attic", 1, authority.issue("attic"))) as (attic,):
        attic.dial(attic)
        await until(lambda: attic.switch.refused["link"], "the refusal")
        assert not attic.connected


async def test_two_sites_of_one_name_are_refused(authority: Authority) -> None:
    one, other = (Site("attic", number, authority.issue("attic")) for number in (1, 2))
    async with sites(one, other):
        one.dial(other)
        await until(lambda: other.switch.refused["link"], "the refusal")
        assert not one.connected


async def test_a_room_that_the_other_site_lacks_is_refused(authority: Authority) -> None:
    attic = Site("attic", 1, authority.issue("attic"))
    cellar = Site("cellar", 2, authority.issue("cellar"), rooms=("games=*",))
    async with sites(attic, cellar):
        attic.dial(cellar)
        await until(lambda: cellar.switch.refused["link"], "the refusal")
        assert not cellar.connected


async def test_a_stranger_cannot_connect_and_is_not_connected_to(authority: Authority, stranger: Authority) -> None:
    attic, thief = Site("attic", 1, authority.issue("attic")), Site("thief", 2, stranger.issue("thief"))
    failures: list[str] = []
    async with sites(attic, thief):
        for here, there in ((attic, thief), (thief, attic)):
            files = here._files
            attempt = here.links._dial_once("lan", there.address, tls_context(*files, server=False), "", lambda: None)
            try:
                await attempt
            except (ssl.SSLError, OSError, HandshakeError) as error:
                failures.append(type(error).__name__)
        assert failures[0] == "SSLCertVerificationError"
        assert len(failures) == 2
        assert not attic.connected
        assert not thief.connected


async def test_who_has_no_certificate_gets_no_word(authority: Authority) -> None:
    async with sites(Site("attic", 1, authority.issue("attic"))) as (attic,):
        context = ssl.create_default_context(cafile=str(authority.file))
        # From Python 3.13 on these contexts want identifiers of keys, which certificates of a few lines have not.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        heard: list[bytes] = []
        ended: asyncio.Future[Exception | None]
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: Connection(queue_bytes=1000), "127.0.0.1", attic.address.port, ssl=context
        )
        connection.on_frame = heard.append
        ended = connection.ended
        async with asyncio.timeout(5):
            await ended
        assert not heard


def test_links_need_a_site_name() -> None:
    for name in ("", "-", "a b", "x" * 40):
        with pytest.raises(SettingsError, match="'site'"):
            Links(Switch(LanSettings(site=name)), TaskScope("test"))


def test_certificates_that_do_not_belong_together_are_told(authority: Authority) -> None:
    first, second = authority.issue("attic"), authority.issue("cellar")
    with pytest.raises(SettingsError, match=r"docs/lan\.md"):
        tls_context(first[0], second[1], authority.file, server=True)
    with pytest.raises(SettingsError, match=r"docs/lan\.md"):
        tls_context(*first[:2], Path("/missing"), server=True)
