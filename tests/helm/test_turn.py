"""The chart's TURN server: a real coturn, started by the container's own command with the chart's own settings."""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

from backend.signaling.ice import credential
from tests.helm.pod import free_port
from tests.helm.rendering import Object, container, one, render

SECRET = "0123456789abcdef0123456789abcdef"
NAME = f"{int(time.time()) + 600}:kiosk"
LOOPBACK = "127.0.0.1-127.0.0.1"


@asynccontextmanager
async def relay(directory: Path, peers: list[str]) -> AsyncIterator[int]:
    """Run it until it listens; yields its port. Only where its mounts are is another place."""
    port = free_port()
    values = {"enabled": True, "host": "turn.example", "service": {"port": port}, "allowedPeers": peers}
    objects = render({"turn": values, "ice": {"secret": {"name": "turn"}}})
    places = {"/etc/loco-turn": directory / "etc", "/run/coturn": directory / "run"}
    shell, option, script = (replaced(word, places) for word in container(objects, "turn")["command"])
    for name in ("etc/settings", "etc/secret", "run"):
        (directory / name).mkdir(parents=True)
    (directory / "etc/secret/secret").write_text(SECRET + "\n", encoding="utf-8")
    settings = replaced(one(objects, "ConfigMap", "-turn")["data"]["turnserver.conf"], places)
    # In a cluster no peer is the relay's own machine.
    (directory / "etc/settings/turnserver.conf").write_text(settings + "allow-loopback-peers\n", encoding="utf-8")
    assert shutil.which("turnserver"), "install the package coturn"
    with (directory / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(shell, option, script),
            env={"PATH": os.environ["PATH"], "POD_IP": "127.0.0.1"},
            stdout=log,
            stderr=log,
            cwd=directory,
        )
    try:
        await until_listening(port, process)
        yield port
    finally:
        process.kill()
        await process.wait()


def replaced(text: str, places: dict[str, Path]) -> str:
    for old, new in places.items():
        text = text.replace(old, str(new))
    return text


async def until_listening(port: int, process: asyncio.subprocess.Process) -> None:
    """As the container's probes ask: by TCP."""
    async with asyncio.timeout(20):
        while process.returncode is None:
            try:
                _reader, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            await writer.wait_closed()
            return
    raise AssertionError("coturn ended")


class Echo(asyncio.DatagramProtocol):
    """A streamer, as far as a relay knows: it answers."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._transport.sendto(data, addr)


async def ask_through(port: int, secret: str = SECRET) -> str:
    """What coturn's own client tells of a message through the relay to a peer on this machine, and back."""
    loop = asyncio.get_running_loop()
    streamer, _ = await loop.create_datagram_endpoint(Echo, local_addr=("127.0.0.1", 0))
    peer = str(streamer.get_extra_info("sockname")[1])
    words = ["-u", NAME, "-w", credential(secret, NAME), "-p", str(port), "-e", "127.0.0.1", "-r", peer]
    process = await asyncio.create_subprocess_exec(
        *("turnutils_uclient", "-v", "-c", "-n", "1", *words, "127.0.0.1"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(30):
            output, _ = await process.communicate()
        return output.decode(errors="replace")
    finally:
        streamer.close()
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_it_relays_to_the_peers_that_it_may(tmp_path: Path) -> None:
    async with relay(tmp_path, [LOOPBACK]) as port:
        said = await ask_through(port)
    assert "tot_send_msgs=1, tot_recv_msgs=1" in said, said
    assert "CONFIG ERROR" not in (tmp_path / "log").read_text(errors="replace").upper()


async def test_it_relays_to_nobody_else(tmp_path: Path) -> None:
    async with relay(tmp_path, ["10.244.0.0-10.244.255.255"]) as port:
        said = await ask_through(port)
    assert "403" in said, said
    assert "tot_recv_msgs=1" not in said


async def test_it_takes_no_credential_of_another_secret(tmp_path: Path) -> None:
    async with relay(tmp_path, [LOOPBACK]) as port:
        said = await ask_through(port, "another" * 5)
    assert "Cannot complete Allocation" in said, said
    assert "tot_recv_msgs=1" not in said


async def test_its_settings_are_readable_by_itself_alone(tmp_path: Path) -> None:
    async with relay(tmp_path, [LOOPBACK]):
        whole = tmp_path / "run" / "turnserver.conf"
        assert f"static-auth-secret={SECRET}\n" in whole.read_text(encoding="utf-8")
        assert whole.stat().st_mode & 0o077 == 0
        assert not list((tmp_path / "etc").rglob("*.db"))


def test_the_program_may_be_executed_though_it_carries_a_capability() -> None:
    objects: list[Object] = render({"turn": {"enabled": True, "host": "a.b"}, "ice": {"secret": {"name": "turn"}}})
    assert container(objects, "turn")["securityContext"]["capabilities"] == {
        "drop": ["ALL"],
        "add": ["NET_BIND_SERVICE"],
    }
