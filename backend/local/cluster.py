"""All guests of this machine, as a discovery source."""

import asyncio
import logging
import shutil
import socket
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from backend.contract.tasks import TaskScope
from backend.discovery.source import Sighting, SourceEvent, Synced, Upsert
from backend.local.child import Child
from backend.local.directories import run_directory, runtime_base, state_directory
from backend.local.errors import LocalClusterError
from backend.local.lan_process import lan_address, lan_child
from backend.local.machine import Machine
from backend.local.memory import require_memory
from backend.local.nursery import Nursery, Offspring
from backend.local.plan import ClusterPlan, MachinePlan

log = logging.getLogger(__name__)

CONFIRM_S = 1.0
"""The list is this process' own, so it is never old; said as often as a file would be."""


class Cluster:
    """Starts the guests on entering and has them all gone after leaving."""

    mode = "local"

    def __init__(self, plan: ClusterPlan) -> None:
        self._plan = plan
        self._stack = ExitStack()
        self._tasks = TaskScope("local cluster")
        self._turns = asyncio.Semaphore(plan.parallel_starts)
        self._changes: deque[Sighting] = deque()
        self._changed = asyncio.Event()
        self._nursery = Nursery(plan.streamer_module, plan.environment)
        self.machines: dict[str, Machine] = {}
        self.switch: Child | None = None
        """Of the guests' LAN; None where they have none."""
        self.lan_address = ""
        """Where the switch tells of itself; empty where there is none."""

    async def __aenter__(self) -> Self:
        """Start all guests, some at a time.

        Raises:
            LocalClusterError: no memory, no disk space for state, another cluster in the same place.
        """
        if shutil.which("setpriv") is None:
            raise LocalClusterError("The program setpriv is missing: install the package util-linux.")
        require_memory([machine.memory_mib for machine in self._plan.machines])
        with ExitStack() as stack:
            state_root = stack.enter_context(state_directory(self._plan.state_root))
            run_root = stack.enter_context(run_directory(runtime_base()))
            for plan in self._plan.machines:
                self.machines[plan.id] = machine = self._machine(plan, run_root, state_root)
                stack.callback(machine.close)
            self._stack = stack.pop_all()
        if (lan := self._plan.lan) is not None:
            self.lan_address = lan_address(lan, run_root)
            self.switch = lan_child(lan, run_root, self._plan.environment)
            self._tasks.spawn(self.switch.run(), "switch")
        for instance_id, machine in self.machines.items():
            self._tasks.spawn(machine.run(self._turns), instance_id)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop all guests."""
        await self._tasks.close(timeout_s=2.5)
        await self._nursery.close()
        self._stack.close()

    async def watch(self) -> AsyncIterator[SourceEvent]:
        """All guests at once, then every change."""
        for machine in self.machines.values():
            yield Upsert(machine.sighting)
        while True:
            yield Synced(frozenset(self.machines))
            try:
                async with asyncio.timeout(CONFIRM_S):
                    await self._changed.wait()
            except TimeoutError:
                continue
            self._changed.clear()
            while self._changes:
                yield Upsert(self._changes.popleft())

    async def refresh(self) -> None:
        """Nothing to look for: every change is known at once."""

    async def restart(self, instance_id: str) -> None:
        """Start the emulator of a guest again."""
        await self.machines[instance_id].restart()

    def replace_streamer(self, instance_id: str) -> None:
        """Put a new streamer in the place of one that runs but no longer answers."""
        log.warning("%s: its streamer no longer answers and is replaced", instance_id)
        self.machines[instance_id].streamer.replace()

    def _machine(self, plan: MachinePlan, run_root: Path, state_root: Path) -> Machine:
        run, state = run_root / plan.id, state_root / plan.id
        for directory in (run, state):
            directory.mkdir(mode=0o700, exist_ok=True)
        return Machine(
            plan,
            run_directory=run,
            state_directory=state,
            start_streamer=self._start_streamer,
            on_change=self._note,
        )

    async def _start_streamer(self, arguments: Sequence[str], listener: socket.socket) -> Offspring:
        return await self._nursery.start((*arguments, "--listen-fd", "{}"), listener.fileno())

    def _note(self, sighting: Sighting) -> None:
        self._changes.append(sighting)
        self._changed.set()
