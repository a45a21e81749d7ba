"""Real QEMUs with guests that nobody here wrote: iPXE, which boots from the card's own ROM."""

import asyncio
import contextlib
import io
import signal
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from scapy.layers.dhcp import DHCP
from scapy.layers.l2 import ARP, Ether

from backend.contract.lan import Layer2, PortStatus
from backend.contract.lan_wiring import guest_mac, netdev_arguments
from backend.lan.capture_client import copy
from backend.lan.settings import CaptureSettings
from tests.backend.lan.programs import Program, run, switch
from tests.backend.lan.test_agent import free_port
from tests.backend.lan.wires import Guest, captured, mac

pytestmark = pytest.mark.qemu

LOCAL = 9
PLAYED = 8
"""The last of the local instances is played by the test."""
DISTANT = 9
"""An instance that is not on datagrams of the switch's own machine."""


def address(number: int) -> str:
    """What the switch gives to an instance."""
    return f"192.168.98.{10 + number}"


@asynccontextmanager
async def lan(runs: Path, *options: str) -> AsyncIterator[tuple[Program, Guest]]:
    """A switch for nine local guests, and the one that the test plays."""
    for number in range(LOCAL):
        (runs / f"instance-{number}").mkdir()
    played = Guest(runs / f"instance-{PLAYED}")
    async with switch(runs, "--guests", str(LOCAL), *options) as program:
        yield program, played
    played.die()


@asynccontextmanager
async def guests(*cards: Sequence[str]) -> AsyncIterator[None]:
    """PCs without disks: their BIOS boots the card's ROM, which asks for an address; they never get further."""
    machine = ["qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none", "-m", "32"]
    machine += ["-boot", "n,reboot-timeout=300"]
    processes = [
        await asyncio.create_subprocess_exec(*("setpriv", "--pdeathsig", "KILL", "--"), *machine, *card)
        for card in cards
    ]
    try:
        yield
        assert [process.returncode for process in processes] == [None] * len(cards), "a QEMU ended by itself"
    finally:
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def card(runs: Path, number: int, nic: str = "rtl8139") -> Sequence[str]:
    """QEMU's arguments for the card of a local instance."""
    name = f"instance-{number}"
    return netdev_arguments(runs / name, nic=nic, mac=guest_mac(name))


def stream_card(options: str) -> Sequence[str]:
    """The same for the distant one, over a stream."""
    return ("-netdev", f"stream,id=lan,{options}", "-device", f"rtl8139,netdev=lan,mac={guest_mac('instance-9')}")


def addresses_of(*numbers: int) -> Callable[[tuple[PortStatus, ...]], bool]:
    """Whether each of these instances has been given its address."""

    def check(ports: tuple[PortStatus, ...]) -> bool:
        known = {port.name: port.addresses for port in ports}
        return all(address(number) in known.get(f"instance-{number}", ()) for number in numbers)

    return check


async def answer(played: Guest, number: int, seconds: float = 40.0) -> None:
    """Ask a real guest by ARP, as the one that we play, until it answers."""
    ends = Ether(src=mac(PLAYED + 1).hex(":"), dst=mac(number + 1).hex(":"))
    question = bytes(ends / ARP(op=1, hwsrc=ends.src, psrc=address(PLAYED), pdst=address(number))).ljust(60, b"\0")
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        with contextlib.suppress(OSError):  # the switch is away
            played.say(question)
        await asyncio.sleep(0.05)
        answers = [packet[ARP] for packet in map(Ether, played.heard()) if ARP in packet]
        if any((each.op, each.psrc) == (2, address(number)) for each in answers):
            return
    raise AssertionError(f"instance-{number} does not answer within {seconds:.0f} s")


async def answers_after_a_kill(program: Program, played: Guest, number: int) -> None:
    """Kill the switch, start it again, and wait for a guest that was not told."""
    await program.stop(signal.SIGKILL)
    starting = asyncio.gather(program.start())
    await answer(played, number)
    await starting


async def test_two_guests_have_addresses_and_hear_each_other_and_a_capture_shows_it(runs: Path) -> None:
    output = io.BytesIO()
    async with lan(runs, "--probe-s", "1") as (program, _):
        capture = asyncio.gather(copy(CaptureSettings(port=1, http=str(runs / "http.sock"), seconds=12), output))
        async with guests(card(runs, 0), card(runs, 1, "ne2k_pci")):
            await program.until(addresses_of(0, 1), "both have addresses")
            await capture
            room = await program.room()
    pair = next(pair for pair in room.pairs if (pair.a, pair.b) == (1, 2))
    assert pair.layer2 is Layer2.EXPECTED
    assert min(pair.frames_ab, pair.frames_ba) > 0
    assert [port.drops for port in room.ports[:2]] == [{}, {}]
    packets = [Ether(data) for data, _ in captured(output.getvalue())]
    options = [option for packet in packets if DHCP in packet for option in packet[DHCP].options]
    types = {option[1] for option in options if option[0] == "message-type"}
    assert {1, 2, 3, 5} <= types, "discover, offer, request, acknowledgement"


async def test_a_conversation_with_a_real_guest_is_a_proof(runs: Path) -> None:
    async with lan(runs) as (program, played), guests(card(runs, 0)):
        await program.until(addresses_of(0), "it has its address")
        await answer(played, 0)
        pairs = {(pair.a, pair.b): pair.layer2 for pair in (await program.room()).pairs}
        assert pairs[1, PLAYED + 1] is Layer2.PROVEN
        assert pairs[1, 2] is Layer2.DOWN


async def test_a_guest_talks_again_after_the_switch_was_killed(runs: Path) -> None:
    async with lan(runs) as (program, played), guests(card(runs, 0)):
        await program.until(addresses_of(0), "it has its address")
        await answers_after_a_kill(program, played, 0)


async def test_a_qemu_that_listens_is_dialled_again_after_the_switch_was_killed(runs: Path) -> None:
    sock = runs / "qemu.sock"
    async with (
        lan(runs, "--dial", f"instance-{DISTANT}={sock}") as (program, played),
        guests(stream_card(f"server=on,addr.type=unix,addr.path={sock}")),
    ):
        await program.until(addresses_of(DISTANT), "it has its address")
        await answers_after_a_kill(program, played, DISTANT)


async def test_a_qemu_that_dials_is_taken_in(runs: Path) -> None:
    sock = runs / "switch.sock"
    async with (
        lan(runs, "--accept", f"instance-{DISTANT}={sock}") as (program, played),
        guests(stream_card(f"server=off,addr.type=unix,addr.path={sock}")),
    ):
        await program.until(addresses_of(DISTANT), "it has its address")
        await answer(played, DISTANT)


async def test_a_guest_of_another_pod_talks_again_after_the_switch_and_its_agent_were_killed(runs: Path) -> None:
    pod, listen = runs / "instance-9", f"127.0.0.1:{free_port()}"
    pod.mkdir()
    agent_options = ["port", "--instance", "instance-9", "--directory", str(pod), "--switch", listen]
    agent_options += ["--http", str(pod / "http.sock")]
    async with lan(runs, "--listen", listen) as (program, played), guests(card(runs, DISTANT)):
        agent = await run(*agent_options)
        await program.until(addresses_of(DISTANT), "it has its address")
        await answers_after_a_kill(program, played, DISTANT)
        agent.kill()
        await agent.wait()
        agent = await run(*agent_options)
        await answer(played, DISTANT)
        agent.terminate()
        assert await agent.wait() == 0


async def test_nine_guests_have_nine_addresses_and_all_hear_all(runs: Path) -> None:
    for number in range(LOCAL):
        (runs / f"instance-{number}").mkdir()
    async with (
        switch(runs, "--guests", str(LOCAL)) as program,
        guests(*(card(runs, number) for number in range(LOCAL))),
    ):
        room = await program.until(addresses_of(*range(LOCAL)), "all have addresses", seconds=100)
        assert len(room.pairs) == 36
        assert all(min(pair.frames_ab, pair.frames_ba) > 0 for pair in room.pairs)
        assert {pair.layer2 for pair in room.pairs} <= {Layer2.EXPECTED, Layer2.PROVEN}
