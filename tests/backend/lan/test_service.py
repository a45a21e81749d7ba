import asyncio
import contextlib
import signal
import time
from pathlib import Path

import aiohttp

from backend.contract.lan import PortState
from backend.contract.lan_wiring import guest_mac
from backend.lan.frame import mac_bytes
from tests.backend.lan.conftest import Authority
from tests.backend.lan.programs import run, switch
from tests.backend.lan.test_agent import free_port
from tests.backend.lan.wires import Guest, frame


async def hello(speaker: Guest, listener: Guest, number: int, seconds: float = 10.0) -> None:
    """Says a frame again and again until the other has it."""
    until_s = time.monotonic() + seconds
    while frame(number) not in listener.heard():
        assert time.monotonic() < until_s, "the frame does not come"
        with contextlib.suppress(OSError):  # the switch is away
            speaker.say(frame(number))
        await asyncio.sleep(0.02)


async def status(url: str, seconds: float = 10.0) -> int:
    """What a program answers, as soon as it serves HTTP: its frames come first."""
    until_s = time.monotonic() + seconds
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(url) as response:
                    return response.status
            except aiohttp.ClientConnectionError:
                if time.monotonic() > until_s:
                    raise
                await asyncio.sleep(0.05)


async def test_guests_talk_again_after_the_switch_was_killed(runs: Path) -> None:
    guests = [Guest(runs / f"instance-{number}") for number in range(2)]
    async with switch(runs, "--guests", "2") as program:
        await hello(guests[0], guests[1], 1)
        await program.stop(signal.SIGKILL)
        starting = asyncio.gather(program.start())
        await hello(guests[1], guests[0], 2)
        await starting
        room = await program.room()
        assert [port.state for port in room.ports] == [PortState.UP, PortState.UP]
    for guest in guests:
        guest.die()


async def test_it_stops_at_once_and_leaves_nothing(runs: Path) -> None:
    (runs / "instance-0").mkdir()
    async with switch(runs, "--guests", "1") as program:
        began_s = time.monotonic()
        assert await program.stop() == 0
        assert time.monotonic() - began_s < 3
    assert list((runs / "instance-0").iterdir()) == []


async def test_agents_streams_and_links_are_opened_as_the_settings_say(runs: Path, authority: Authority) -> None:
    certificate, key, ca = authority.issue("attic")
    agents, links, probe = free_port(), free_port(), free_port()
    options = ["--listen", f"127.0.0.1:{agents}", "--accept", f"instance-1={runs / 'a.sock'}"]
    options += ["--dial", f"visitor={runs / 'd.sock'}", "--site", "attic", "--link-listen", f"127.0.0.1:{links}"]
    options += ["--links", f"lan=127.0.0.1:{links}", "--certificate", str(certificate)]
    options += ["--key", str(key), "--authority", str(ca)]
    guest = Guest(runs / "instance-0")
    async with switch(runs, *options) as program:
        agent = await run(
            *("port", "--instance", "instance-0", "--directory", str(runs / "instance-0")),
            *("--switch", f"127.0.0.1:{agents}", "--http", f"127.0.0.1:{probe}"),
        )
        reader, writer = await asyncio.open_unix_connection(str(runs / "a.sock"))
        room = await program.until(lambda ports: sum(port.state is PortState.UP for port in ports) == 2, "two guests")
        assert [(port.name, port.state.value) for port in room.ports] == [
            ("instance-0", "up"),
            ("instance-1", "up"),
            ("visitor", "down"),
        ]
        hi = frame(mac_bytes(guest_mac("instance-0", "attic")))
        guest.say(hi)
        async with asyncio.timeout(5):
            assert await reader.readexactly(64) == (60).to_bytes(4) + hi
        writer.close()
        assert [await status(f"http://127.0.0.1:{probe}{path}") for path in ("/readyz", "/metrics", "/healthz")] == [
            200
        ] * 3
        agent.terminate()
        assert await agent.wait() == 0
    guest.die()
