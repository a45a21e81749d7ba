"""An emulator without QEMU, and plans that use it."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

from backend.contract.status import GuestReport, GuestState
from backend.local.plan import ClusterPlan, LanPlan, MachinePlan


class StandInEmulator:
    """Runs at once; tests make it fail."""

    def __init__(self, run: Path, state: Path, on_report: Callable[[GuestReport], None]) -> None:
        self.run_directory = run
        self.state_directory = state
        self.report = on_report
        self.running = False
        self.restarts = 0
        self.may_run = asyncio.Event()
        self.may_run.set()

    async def run(self) -> None:
        self.running = True
        try:
            await self.may_run.wait()
            self.report(GuestReport(GuestState.RUNNING))
            await asyncio.Event().wait()
        finally:
            self.running = False

    async def restart(self) -> None:
        self.restarts += 1


def cluster_plan(
    count: int,
    state_root: Path,
    environment: Mapping[str, str],
    made: list[StandInEmulator],
    *,
    parallel: int = 9,
    lan: LanPlan | None = None,
) -> ClusterPlan:
    def make(run: Path, state: Path, on_report: Callable[[GuestReport], None]) -> StandInEmulator:
        made.append(StandInEmulator(run, state, on_report))
        return made[-1]

    machines = tuple(
        MachinePlan(
            id=f"instance-{slot}",
            slot=slot,
            name=f"PC {slot + 1}",
            memory_mib=1,
            make_supervisor=make,
            streamer=("--instance", f"instance-{slot}"),
        )
        for slot in range(count)
    )
    return ClusterPlan(
        machines=machines,
        lan=lan,
        state_root=state_root,
        parallel_starts=parallel,
        environment=environment,
        streamer_module="stand_in_streamer",
    )
