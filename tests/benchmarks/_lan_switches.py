"""The switches that ``./loco bench lan`` compares, and how a load gets a port of each, as QEMU does."""

import asyncio
import contextlib
import os
import signal
import socket
import struct
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from backend.contract.lan_wiring import GUEST_SOCKET, SWITCH_SOCKET
from tests.benchmarks._product import ROOT, environment

Plug = tuple[socket.socket, socket.socket]
"""Where frames come in, and where they are sent."""
_VDE_MAGIC, _VDE_VERSION, _VDE_NEW_CONTROL = 0xFEEDFACE, 3, 0
"""libvdeplug of vde2: ``struct request_v3``."""


class Loco:
    """The product's switch, with a unix datagram port for each guest."""

    name = "loco-lan"

    def __init__(self, work: Path, ports: int) -> None:
        self._work = work
        self._ports = ports
        for number in range(ports):
            self._run(number).mkdir(parents=True)

    @property
    def companions(self) -> list[list[str]]:
        """What starts further programs."""
        return []

    @property
    def command(self) -> list[str]:
        """What starts it; a port's rate is checked as always, against a bound that nothing here reaches."""
        options = ["--directory", self._work, "--guests", self._ports, "--http", self._work / "http.sock"]
        options += ["--port-mbit-s", 100_000, "--probe-s", 0, "--log-level", "warning"]
        return [sys.executable, "-m", "backend.lan", *map(str, options)]

    def is_settled(self) -> bool:
        """Whether all has started: what serves HTTP is loaded last."""
        return (self._work / "http.sock").exists()

    async def plug(self, number: int) -> Plug:
        """A guest's two sockets; its own stays when the switch starts again, and so it is with QEMU."""
        outside = self.redial(number)
        inside = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        inside.bind(os.fspath(self._run(number) / GUEST_SOCKET))
        return inside, outside

    def redial(self, number: int) -> socket.socket:
        """The way to a switch; QEMU looks its path up for each frame."""
        outside = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            outside.connect(os.fspath(self._run(number) / SWITCH_SOCKET))
        except OSError:
            outside.close()
            raise
        return outside

    def _run(self, number: int) -> Path:
        return self._work / f"instance-{number}"


class Agents(Loco):
    """The same switch as in a cluster: each guest with a port agent of its own, over TCP."""

    name = "loco, agents"

    def __init__(self, work: Path, ports: int) -> None:
        super().__init__(work, ports)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self._listen = f"127.0.0.1:{probe.getsockname()[1]}"

    @property
    def command(self) -> list[str]:
        """What starts the switch."""
        return [*super().command, "--guests", "0", "--listen", self._listen]

    @property
    def companions(self) -> list[list[str]]:
        """What starts the agents."""
        agent = [sys.executable, "-m", "backend.lan", "port", "--switch", self._listen, "--log-level", "error"]
        runs = [self._run(number) for number in range(self._ports)]
        return [
            [*agent, "--instance", run.name, "--directory", str(run), "--http", str(run / "http.sock")] for run in runs
        ]

    def is_settled(self) -> bool:
        """Whether the agents have started too."""
        return super().is_settled() and all((self._run(number) / "http.sock").exists() for number in range(self._ports))


class Vde:
    """``vde_switch`` of Debian, in C."""

    name = "vde_switch"
    companions: Sequence[list[str]] = ()

    def __init__(self, work: Path, ports: int) -> None:
        self._work = work
        self._control = work / "vde.ctl"
        self._ports = ports
        self._controls: list[socket.socket] = []

    @property
    def command(self) -> list[str]:
        """What starts it."""
        return ["vde_switch", "-sock", str(self._control), "-numports", str(self._ports + 1)]

    def is_settled(self) -> bool:
        """It starts at once."""
        return True

    async def plug(self, number: int) -> Plug:
        """As libvdeplug does: ask for a port, with our address; the answer is the switch's."""
        control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        control.connect(str(self._control / "ctl"))
        inside = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        path = os.fspath(self._work / f"vde-{number}")
        inside.bind(path)
        address = struct.pack("@H108s", socket.AF_UNIX, path.encode())
        control.sendall(struct.pack("@III", _VDE_MAGIC, _VDE_VERSION, _VDE_NEW_CONTROL) + address + b"bench\0")
        answer = control.recv(110)
        inside.connect(answer[2:].partition(b"\0")[0])
        self._controls.append(control)  # closing it would give up the port
        return inside, inside


class Running:
    """A switch that runs, and can be killed."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self.process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """Of the process."""
        assert self.process is not None
        return self.process.pid

    async def start(self) -> None:
        """Start it; it ends with us."""
        self.process = await asyncio.create_subprocess_exec(
            *("setpriv", "--pdeathsig", "KILL", "--"),
            *self._command,
            cwd=ROOT,
            env=environment(),
            stdin=asyncio.subprocess.PIPE,  # vde_switch ends with its console
            stdout=asyncio.subprocess.DEVNULL,
        )

    async def kill(self, number: int = signal.SIGKILL) -> None:
        """End it."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        await self.process.wait()


@asynccontextmanager
async def running(switch: Loco | Vde, ports: int) -> AsyncIterator[tuple[Running, list[Plug]]]:
    """Run a switch with all ports plugged in."""
    program, *others = [Running(command) for command in (switch.command, *switch.companions)]
    for each in (program, *others):
        await each.start()
    plugs: list[Plug] = []
    try:
        for number in range(ports):
            plugs.append(await _patiently(switch, number))  # noqa: PERF401 - those before an error must be closed
        while not switch.is_settled():  # noqa: ASYNC110 - a file of another process
            await asyncio.sleep(0.05)
        yield program, plugs
    finally:
        for end in {end for plug in plugs for end in plug}:
            end.close()
        for each in (program, *others):
            await each.kill(signal.SIGTERM)


async def _patiently(switch: Loco | Vde, number: int, seconds: float = 20.0) -> Plug:
    until_s = time.monotonic() + seconds
    while True:
        try:
            return await switch.plug(number)
        except OSError:
            if time.monotonic() > until_s:
                raise
            await asyncio.sleep(0.05)
