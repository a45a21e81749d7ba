import asyncio
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from backend.contract.status import GuestReport, GuestState
from backend.contract.tasks import TaskScope
from backend.discovery.source import Sighting
from backend.local.machine import Machine
from tests.backend.fake_streamer import until
from tests.backend.local.stand_ins import StandInEmulator, cluster_plan

Start = tuple[tuple[str, ...], object]


@contextmanager
def make(
    tmp_path: Path, emulators: list[StandInEmulator], changes: list[Sighting], starts: list[Start]
) -> Iterator[Machine]:
    async def start(arguments: Sequence[str], listener: object) -> asyncio.subprocess.Process:
        starts.append((tuple(arguments), listener))
        return await asyncio.create_subprocess_exec("sleep", "60")

    machine = Machine(
        cluster_plan(1, tmp_path, {}, emulators).machines[0],
        run_directory=tmp_path / "run",
        state_directory=tmp_path / "state",
        start_streamer=start,
        on_change=changes.append,
    )
    with closing(machine):
        yield machine


async def test_guest_and_streamer_run_together_and_stop_together(tmp_path: Path) -> None:
    emulators: list[StandInEmulator] = []
    changes: list[Sighting] = []
    starts: list[Start] = []
    tasks = TaskScope("test")
    with make(tmp_path, emulators, changes, starts) as machine:
        running = tasks.spawn(machine.run(asyncio.Semaphore(1)), "machine")
        await until(lambda: machine.streamer.pid is not None)
        await until(lambda: changes)
        assert changes[-1].guest == GuestReport(GuestState.RUNNING)
        assert changes[-1].port == machine.sighting.port
        ((arguments, _),) = starts
        assert arguments == ("--instance", "instance-0", "--directory", str(tmp_path / "run"))
        await tasks.close()
    assert running.cancelled()
    assert not emulators[0].running
    assert machine.streamer.pid is None


async def test_the_same_report_twice_is_told_once(tmp_path: Path) -> None:
    emulators: list[StandInEmulator] = []
    changes: list[Sighting] = []
    with make(tmp_path, emulators, changes, []):
        for _ in range(2):
            emulators[0].report(GuestReport(GuestState.HUNG, "It spins."))
    assert len(changes) == 1


async def test_a_guest_that_does_not_come_gives_its_turn_away(tmp_path: Path) -> None:
    emulators: list[StandInEmulator] = []
    turns = asyncio.Semaphore(1)
    tasks = TaskScope("test")
    with make(tmp_path, emulators, [], []) as machine:
        emulators[0].may_run.clear()
        tasks.spawn(machine.run(turns), "machine")
        await until(turns.locked)
        emulators[0].report(GuestReport(GuestState.RESTARTING, "The image cannot be read."))
        await until(lambda: not turns.locked())
        await tasks.close()
