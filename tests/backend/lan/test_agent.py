from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from backend.contract.lan import PortState
from backend.contract.tasks import TaskScope
from backend.lan.addresses import Address, listening_socket
from backend.lan.agent import Agent
from backend.lan.agents import Agents
from backend.lan.settings import LanSettings, PortSettings
from backend.lan.streams import listen
from backend.lan.switch import Switch
from tests.backend.lan.wires import Guest, frame, until


def free_port() -> int:
    """A TCP port that a switch may take again and again."""
    with listening_socket(Address("127.0.0.1", 0), "listen") as probe:
        number: int = probe.getsockname()[1]
    return number


@asynccontextmanager
async def switch_at(port: int, token: str = "") -> AsyncIterator[Switch]:
    switch, tasks = Switch(LanSettings()), TaskScope("switch")
    agents = Agents(switch, token, tasks)
    server = await listen(Address("127.0.0.1", port), "listen", agents.accepted, queue_frames=64)
    try:
        yield switch
    finally:
        server.close()
        await tasks.close()


class Pod:
    """A guest with its agent."""

    def __init__(self, run: Path, number: int, switch_port: int, token: str = "") -> None:
        run.mkdir()
        self.run = run
        self.guest = Guest(run)
        settings = PortSettings(directory=run, token=token, queue_frames=64)
        self.agent = Agent(settings, f"instance-{number}", Address("127.0.0.1", switch_port))
        self.tasks = TaskScope("agent")

    def start(self) -> None:
        self.agent.open()
        self.tasks.spawn(self.agent.run(), "agent")

    async def stop(self) -> None:
        await self.tasks.close()
        self.agent.close()
        self.guest.die()


@asynccontextmanager
async def pods(runs: Path, port: int, token: str = "") -> AsyncIterator[tuple[Pod, Pod]]:
    both = Pod(runs / "a", 0, port, token), Pod(runs / "b", 1, port, token)
    for pod in both:
        pod.start()
    try:
        yield both
    finally:
        for pod in both:
            await pod.stop()


async def test_guests_of_two_pods_hear_each_other_and_the_secret_is_proven(runs: Path) -> None:
    port = free_port()
    async with switch_at(port, "secret") as switch, pods(runs, port, "secret") as (one, two):
        await until(lambda: one.agent.is_connected and two.agent.is_connected, "both agents at the switch")
        one.guest.say(frame(1))
        assert await two.guest.hear() == frame(1)
        two.guest.say(frame(2, 1))
        assert await one.guest.hear() == frame(2, 1)
        assert [each.state for _, each in switch.ports] == [PortState.UP, PortState.UP]
        assert (one.agent.port.frames_in, one.agent.port.frames_out) == (1, 1)


async def test_a_switch_that_restarts_has_its_agents_back_and_frames_meanwhile_are_counted(runs: Path) -> None:
    port = free_port()
    async with pods(runs, port) as (one, two):
        for _ in range(2):
            async with switch_at(port):
                await until(lambda: one.agent.is_connected and two.agent.is_connected, "both agents at the switch")
                one.guest.say(frame(1))
                assert await two.guest.hear() == frame(1)
            await until(lambda: not one.agent.is_connected, "the end of the switch")
            before = one.agent.port.drops["no_switch"]
            one.guest.say(frame(1))
            await until(lambda: one.agent.port.drops["no_switch"] > before, "the frame is counted")  # noqa: B023


async def test_a_qemu_that_restarts_needs_nobody_elses_help(runs: Path) -> None:
    port = free_port()
    async with switch_at(port), pods(runs, port) as (one, two):
        await until(lambda: one.agent.is_connected and two.agent.is_connected, "both agents at the switch")
        one.guest.die()
        one.guest = Guest(one.run)
        two.guest.say(frame(2))
        assert await one.guest.hear() == frame(2)


async def test_an_agent_that_restarts_has_its_port_back(runs: Path) -> None:
    port = free_port()
    async with switch_at(port) as switch, pods(runs, port) as (one, two):
        await until(lambda: one.agent.is_connected and two.agent.is_connected, "both agents at the switch")
        await one.tasks.close()
        one.agent.close()
        one.agent = Agent(PortSettings(directory=one.run), "instance-0", Address("127.0.0.1", port))
        one.start()
        await until(lambda: one.agent.is_connected, "the new agent")
        one.guest.say(frame(1))
        assert await two.guest.hear() == frame(1)
        assert len(list(switch.ports)) == 2
