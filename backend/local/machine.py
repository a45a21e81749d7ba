"""One guest of this machine: its emulator in this process' care, its streamer as a child."""

import asyncio
import contextlib
import functools
import logging
import socket
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from backend.contract import logs
from backend.contract.status import GuestReport, GuestState
from backend.discovery.source import Sighting
from backend.local.child import Child, Running
from backend.local.plan import MachinePlan

log = logging.getLogger(__name__)

START_S = 15.0
"""A guest that is not there after so long gives its turn to the next."""


StartStreamer = Callable[[Sequence[str], socket.socket], Awaitable[Running]]
"""Starts a streamer with arguments and its listening socket."""


class Machine:
    """Runs one guest. Its port stays the same for as long as this object lives, however often the streamer restarts."""

    def __init__(
        self,
        plan: MachinePlan,
        *,
        run_directory: Path,
        state_directory: Path,
        start_streamer: StartStreamer,
        on_change: Callable[[Sighting], None],
    ) -> None:
        self._plan = plan
        self._on_change = on_change
        self._report = GuestReport(GuestState.BOOTING, "The guest waits for its turn to start.")
        self._settled = asyncio.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._supervisor = plan.make_supervisor(run_directory, state_directory, self._reported)
        self.streamer = Child(
            f"streamer of {plan.id}",
            functools.partial(start_streamer, (*plan.streamer, "--directory", str(run_directory)), self._listener),
        )

    @property
    def sighting(self) -> Sighting:
        """The instance as discovery sees it."""
        return Sighting(
            id=self._plan.id,
            slot=self._plan.slot,
            name=self._plan.name,
            addresses=("127.0.0.1",),
            port=self._listener.getsockname()[1],
            node=socket.gethostname(),
            guest=self._report,
        )

    async def run(self, turns: asyncio.Semaphore) -> None:
        """Run guest and streamer until cancelled; then both are gone. ``turns`` bounds how many start at once."""
        logs.instance.set(self._plan.id)
        async with asyncio.TaskGroup() as tasks, turns:
            tasks.create_task(self._supervisor.run(), name=f"emulator of {self._plan.id}")
            tasks.create_task(self.streamer.run(), name=f"streamer of {self._plan.id}")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(START_S):
                    await self._settled.wait()

    def close(self) -> None:
        """Give the port back."""
        self._listener.close()

    async def restart(self) -> None:
        """Start the emulator again."""
        await self._supervisor.restart()

    def _reported(self, report: GuestReport) -> None:
        if report.state is not GuestState.BOOTING:
            self._settled.set()
        if report != self._report:
            self._report = report
            self._on_change(self.sighting)
