import asyncio
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network

import pytest
from scapy.layers.inet import IP, TCP
from scapy.layers.l2 import ARP, Ether

from backend.contract.lan import DirectPlay
from backend.lan import prober
from backend.lan.address_service import AddressService
from backend.lan.frame import mac_bytes, mac_text
from backend.lan.prober import DIRECTPLAY_PORTS, Prober
from backend.lan.room import Room
from backend.lan.station import LanStation
from tests.backend.lan.wires import Ear, mac, until

ADDRESS = IPv4Address("192.168.98.10")


class Player(Ear):
    """Answers ARP where ``there``, and TCP: where a game listens with SYN and ACK, elsewhere with RST or not at all."""

    def __init__(self, room: Room, *, there: bool = True, games: tuple[int, ...] = (), resets: bool = True) -> None:
        super().__init__(1, own=True)
        self._lan = room
        self._there, self._games, self._resets = there, games, resets
        self.resets_heard: list[int] = []

    def send(self, frame: bytes) -> bool:
        asyncio.get_running_loop().call_soon(self._answer, Ether(frame))
        return super().send(frame)

    def _answer(self, question: Ether) -> None:
        head = Ether(src=mac_text(mac(1)), dst=question.src)
        if ARP in question and self._there:
            answer = head / ARP(op=2, hwsrc=head.src, psrc=str(ADDRESS), pdst=question[ARP].psrc, hwdst=question.src)
        elif TCP in question and question[TCP].flags == "S":
            asked = question[TCP].dport
            flags = "SA" if asked in self._games else "RA"
            if flags == "RA" and not self._resets:
                return
            answer = head / IP(src=str(ADDRESS), dst=question[IP].src) / TCP(sport=asked, dport=question[TCP].sport)
            answer[TCP].flags, answer[TCP].ack = flags, question[TCP].seq + 1
        else:
            if TCP in question:
                self.resets_heard.append(question[TCP].dport)
            return
        self._lan.forward(self, bytes(answer), 1.0)


class Table:
    """A player and a bystander in a room."""

    def __init__(self, make: Callable[[Room], Player], *, serves: bool = True) -> None:
        self.room = Room("lan")
        addresses = AddressService(IPv4Network("192.168.98.0/24"), first=10, count=9, lease_s=60) if serves else None
        self.station = LanStation(mac_bytes("02:4c:4f:43:ff:ff"), self.room.inject, addresses)
        self.room.station = self.station
        self.player, self.bystander = make(self.room), Ear(2, own=True)
        self.room.add(self.player)
        self.room.add(self.bystander)
        self.prober = Prober(self.station)

    async def ask(self) -> tuple[DirectPlay, tuple[int, ...]]:
        self.station.neighbours.hear(self.player, ADDRESS, mac(1), asyncio.get_running_loop().time())
        await self.prober.ask_all()
        return self.player.directplay, self.player.directplay_ports


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prober, "ANSWER_S", 0.05)
    monkeypatch.setattr(prober, "PAUSE_S", 0.001)


async def test_a_game_that_listens_is_found_and_left_in_peace() -> None:
    table = Table(lambda room: Player(room, games=(47_624, 2300, 2400)))
    assert await table.ask() == (DirectPlay.OPEN, (2300, 2400, 47_624))
    assert sorted(table.player.resets_heard) == [2300, 2400, 47_624]


async def test_nobody_else_notices_the_questions() -> None:
    table = Table(lambda room: Player(room, games=(2300,)))
    await table.ask()
    assert not table.bystander.heard
    assert len(table.player.heard) == 2 + len(DIRECTPLAY_PORTS)


async def test_a_guest_without_a_game_is_closed() -> None:
    assert await Table(Player).ask() == (DirectPlay.CLOSED, ())


async def test_a_guest_that_answers_arp_only_is_silent() -> None:
    assert await Table(lambda room: Player(room, resets=False)).ask() == (DirectPlay.SILENT, ())


async def test_a_guest_that_is_gone_is_asked_nothing_more() -> None:
    table = Table(lambda room: Player(room, there=False))
    assert await table.ask() == (DirectPlay.SILENT, ())
    assert len(table.player.heard) == 1


async def test_a_switch_without_an_address_asks_by_arp_only() -> None:
    table = Table(Player, serves=False)
    assert await table.ask() == (DirectPlay.SILENT, ())
    assert table.station.neighbours.of(table.player)[0].answered_s > 0
    assert len(table.player.heard) == 1


async def test_it_asks_again_and_again_until_cancelled() -> None:
    table = Table(Player)
    table.station.neighbours.hear(table.player, ADDRESS, mac(1), asyncio.get_running_loop().time())
    asking = asyncio.ensure_future(table.prober.run(0.01))  # noqa: TID251 - the task is the subject
    await until(lambda: sum(ARP in Ether(frame) for frame in table.player.heard) > 1, "the second round of questions")
    asking.cancel()
    await asyncio.wait([asking])
    assert asking.cancelled()
