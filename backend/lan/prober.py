"""Asks each guest now and then whether it is there, and whether a DirectPlay game listens; the others notice nothing.

A question is one ARP request to the guest alone; to one that answers, a TCP SYN to each port of DirectPlay (47624 and
2300 to 2400, as Microsoft's article 240429 lists them), answered by an RST where the guest opens. A few at a time: the
cards of that age have room for a few dozen frames.
"""

import asyncio
import time

from backend.contract.lan import DirectPlay
from backend.contract.token_bucket import TokenBucket
from backend.lan.neighbours import Neighbour
from backend.lan.packet import ACK, RST, SYN, TCP, Packet, read_tcp, tcp
from backend.lan.port import Port
from backend.lan.station import LanStation

DIRECTPLAY_PORTS = (47624, *range(2300, 2401))
ANSWER_S = 1.0
"""For an answer; a guest that is emulated slowly has 50 ms at most."""
AT_ONCE, PAUSE_S = 4, 0.02
_OUR_PORT = 49_152
_SEQUENCE = 0x10C0


Verdict = tuple[DirectPlay, tuple[int, ...]]


class Prober:
    """Of one room."""

    def __init__(self, station: LanStation) -> None:
        self._station = station
        self._answers: dict[tuple[Port, int], bool] = {}
        """Whether a port is open, of the guest that is being asked."""
        # Resets for answers that come when nobody asked; a guest must not make the switch talk.
        self._resets = TokenBucket(500.0, 500.0)
        station.on_tcp = self._hear

    async def run(self, every_s: float) -> None:
        """Ask all again and again, until cancelled."""
        while True:
            await asyncio.sleep(every_s)
            await self.ask_all()

    async def ask_all(self) -> None:
        """Ask everybody once."""
        began_s = time.monotonic()
        self._station.neighbours.age(began_s)
        for port, neighbour in self._station.neighbours:
            if port.connected and not port.is_link:
                self._station.ask(port, neighbour.address, neighbour.mac)
        await asyncio.sleep(ANSWER_S)
        found: dict[Port, Verdict] = {}
        for port, neighbour in self._station.neighbours:
            if port.is_link:
                continue
            verdict = _SILENT
            if neighbour.answered_s >= began_s and int(self._station.address):
                verdict = await self._ask_directplay(port, neighbour)
            found[port] = min(found.get(port, verdict), verdict, key=lambda each: _ORDER.index(each[0]))
        for port in {port for port, _ in self._station.neighbours} | set(found):
            port.directplay, port.directplay_ports = found.get(port, (DirectPlay.UNKNOWN, ()))

    async def _ask_directplay(self, port: Port, guest: Neighbour) -> Verdict:
        self._answers.clear()
        for number, destination in enumerate(DIRECTPLAY_PORTS):
            self._send(port, guest, (_OUR_PORT, destination), SYN, _SEQUENCE)
            if number % AT_ONCE == AT_ONCE - 1:
                await asyncio.sleep(PAUSE_S)
        await asyncio.sleep(ANSWER_S)
        answers = {number: is_open for (which, number), is_open in self._answers.items() if which is port}
        ports = tuple(sorted(number for number, is_open in answers.items() if is_open))
        if ports:
            return DirectPlay.OPEN, ports
        return (DirectPlay.CLOSED if answers else DirectPlay.SILENT), ()

    def _send(self, port: Port, guest: Neighbour, ports: tuple[int, int], flags: int, sequence: int) -> None:
        packet = Packet(self._station.address, guest.address, TCP, b"")
        segment = tcp(packet, ports, flags=flags, sequence=sequence)
        self._station.send(port, Packet(packet.source, packet.destination, TCP, segment), guest.mac)

    def _hear(self, port: Port, packet: Packet) -> None:
        segment = read_tcp(packet)
        if segment is None or segment[1] != _OUR_PORT or segment[0] not in DIRECTPLAY_PORTS:
            return
        number, _, flags, acknowledged = segment
        is_open = flags & (SYN | ACK) == SYN | ACK
        if is_open or flags & RST:
            self._answers[(port, number)] = is_open
        guests = [each for each in self._station.neighbours.of(port) if each.address == packet.source]
        if is_open and guests and self._resets.take(time.monotonic()):
            self._send(port, guests[0], (_OUR_PORT, number), RST, acknowledged)


_SILENT: Verdict = (DirectPlay.SILENT, ())
_ORDER = (DirectPlay.OPEN, DirectPlay.CLOSED, DirectPlay.SILENT, DirectPlay.UNKNOWN)
