"""The supervisor's side: one QEMU, started, saved when ready, and started again whenever it ends."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from backend.contract.errors import LocoError
from backend.contract.instance import slot_of
from backend.contract.retry import Backoff, forever
from backend.contract.status import GuestReport, GuestState
from backend.qemu import process, snapshot
from backend.qemu.command_line import command_line
from backend.qemu.errors import CommandError, MonitorError, ProgramError, SnapshotError, first_error
from backend.qemu.monitor import Monitor, connect
from backend.qemu.overlay import Overlay, fingerprint, overlay_of
from backend.qemu.priority import let_virtual_cpus_yield
from backend.qemu.process import QemuProcess
from backend.qemu.program import Program, blames_snapshot, explain, find_program, require_version
from backend.qemu.run_directory import GuestFile, RunDirectory
from backend.qemu.settings import GuestSettings, resolved

log = logging.getLogger(__name__)

BACKOFF = Backoff(initial_s=0.1, maximum_s=10.0)
STABLE_S = 5.0
"""A QEMU that lived for so long worked; its next end is not a failure in a row."""
MONITOR_S = 15.0
POLL_S = 0.005
END_S = 2.0
LOADS_BLAMED = 3
"""After so many failed starts from a snapshot it is discarded, whatever QEMU said."""


class Emulator:
    """Runs the QEMU of one instance. Threading: event loop only.

    The state directory keeps the guest's disk and snapshot; the run directory has the sockets and files that a streamer
    uses.
    """

    def __init__(
        self,
        *,
        instance: str,
        settings: GuestSettings,
        run_directory: Path,
        state_directory: Path,
        on_report: Callable[[GuestReport], None],
        mac: str | None = None,
    ) -> None:
        """``mac``: address of the guest's card on the LAN, which has a port in the run directory; None without one."""
        self._instance = instance
        self._number = slot_of(instance) + 1
        self._settings = settings
        self._directory = RunDirectory(run_directory)
        self._state_directory = state_directory
        self._on_report = on_report
        self.mac = mac
        """Of its card on the LAN; None without one."""
        self._process: QemuProcess | None = None
        self._restarting = False
        self._failed_loads = 0
        self._save_failed = False
        self._answered = False
        self.report = GuestReport(GuestState.BOOTING, "QEMU is being started.")

    @property
    def pid(self) -> int | None:
        """Process id of the running QEMU; None between two."""
        return None if self._process is None else self._process.pid

    async def run(self) -> None:
        """Keep QEMU running until cancelled; then it is gone."""
        await forever(
            f"QEMU of {self._instance}",
            self._attempt,
            failures=(LocoError, OSError),
            backoff=BACKOFF,
            on_failure=self._failed,
        )

    async def restart(self) -> None:
        """End QEMU at once; :meth:`run` starts it again."""
        if self._process is not None:
            self._restarting = True
            self._process.kill()
            await self._process.wait()

    async def _attempt(self, healthy: Callable[[], None]) -> None:
        self._directory.create()
        settings = resolved(self._settings)
        program = find_program(settings.qemu)
        overlay = overlay_of(settings, self._state_directory, self._fingerprint(settings, program))
        if overlay is not None:
            await overlay.prepare(keep_changes=not settings.snapshot)
        load = overlay.snapshot if overlay is not None and settings.snapshot else None
        self._write_guest(settings, load)
        self._directory.remove_sockets()
        arguments = self._arguments(settings, self._directory, None if overlay is None else overlay.path, load)
        self._answered = self._restarting = False
        self._process = await process.start(program.path, arguments, self._directory.log)
        try:
            await self._follow(self._process, settings, overlay, healthy)
        finally:
            await self._process.stop()
            self._process = None
            self._directory.remove_sockets()

    async def _follow(
        self, qemu: QemuProcess, settings: GuestSettings, overlay: Overlay | None, healthy: Callable[[], None]
    ) -> None:
        """From the start of QEMU to its end."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._until_end(qemu, overlay), name="end of QEMU")
                await self._supervise(qemu, settings, overlay)
                await asyncio.sleep(STABLE_S)
                healthy()
        except ExceptionGroup as group:
            wanted, failures = group.split(_RestartWantedError)
            if wanted is not None:
                self._tell(GuestState.RESTARTING, "QEMU is started again, as was asked for.")
            if failures is not None:
                raise first_error(failures, LocoError, OSError) from group

    async def _until_end(self, qemu: QemuProcess, overlay: Overlay | None) -> None:
        status = await qemu.wait()
        if self._restarting:
            self._restarting = False
            raise _RestartWantedError
        said = qemu.log_tail()
        if overlay is not None and overlay.snapshot is not None and not self._answered:
            self._failed_loads += 1
            if blames_snapshot(said) or self._failed_loads >= LOADS_BLAMED:
                overlay.discard()
                raise SnapshotError(f"The snapshot cannot be used and was discarded: {explain(said, status)}")
        raise ProgramError(explain(said, status))

    async def _supervise(self, qemu: QemuProcess, settings: GuestSettings, overlay: Overlay | None) -> None:
        """Until QEMU works, and its snapshot is saved."""
        try:
            await self._until_listening(qemu)
            async with connect(self._directory.control) as monitor:
                self._answered, self._failed_loads = True, 0
                require_version(monitor.version)
                await let_virtual_cpus_yield(monitor)
                if overlay is not None and settings.snapshot and overlay.snapshot is None and not self._save_failed:
                    self._tell(
                        GuestState.BOOTING, "The guest boots for the first time; from then on it starts at once."
                    )
                    await self._save(monitor, settings, overlay)
            self._tell(GuestState.RUNNING)
        except MonitorError:
            # Most likely QEMU ended, and the other task knows a better reason.
            with suppress(TimeoutError):
                await asyncio.wait_for(qemu.wait(), END_S)
            raise

    async def _until_listening(self, qemu: QemuProcess) -> None:
        try:
            async with asyncio.timeout(MONITOR_S):
                while not self._directory.control.exists():  # noqa: ASYNC110 - no event tells of a file
                    await asyncio.sleep(POLL_S)
        except TimeoutError as error:
            raise ProgramError(f"QEMU (process {qemu.pid}) opened no monitor within {MONITOR_S:.0f} s.") from error

    async def _save(self, monitor: Monitor, settings: GuestSettings, overlay: Overlay) -> None:
        try:
            if settings.ready == "marker":
                await snapshot.marker(monitor)
            else:
                await asyncio.sleep(settings.ready_delay_s)
            await snapshot.save(monitor)
        except (SnapshotError, CommandError) as error:
            self._save_failed = True
            log.warning("%s: no snapshot, so each start is a boot: %s", self._instance, error)
            return
        overlay.saved(snapshot.TAG)
        self._write_guest(settings, snapshot.TAG)
        log.info("%s: saved; starts and resets take a tenth of a second from now on", self._instance)

    def _failed(self, error: Exception, failures: int, delay_s: float) -> None:  # noqa: ARG002
        again = "at once" if delay_s < 1 else f"in {delay_s:.0f} s"
        self._tell(GuestState.RESTARTING, f"{error} It is started again {again}.")

    def _tell(self, state: GuestState, reason: str = "") -> None:
        self.report = GuestReport(state, reason)
        try:
            self._directory.write_report(self.report)
        except OSError as error:
            log.warning("%s: the report cannot be written: %s", self._instance, error.strerror)
        self._on_report(self.report)

    def _write_guest(self, settings: GuestSettings, tag: str | None) -> None:
        self._directory.write_guest(
            GuestFile(
                pointer=settings.pointer,
                probe=settings.probe_area,
                snapshot=tag,
                sound=settings.sound != "none",
                unwatched=settings.rests(on_lan=self.mac is not None),
                unwatched_after_s=settings.unwatched_after_s,
            )
        )

    def _fingerprint(self, settings: GuestSettings, program: Program) -> str:
        anywhere = RunDirectory(Path("run"))
        return fingerprint(program, self._arguments(settings, anywhere, Path("overlay"), None))

    def _arguments(
        self, settings: GuestSettings, directory: RunDirectory, overlay: Path | None, load: str | None
    ) -> list[str]:
        return command_line(
            settings,
            instance=self._instance,
            number=self._number,
            directory=directory,
            overlay=overlay,
            load=load,
            mac=self.mac,
        )


class _RestartWantedError(Exception):
    """Someone asked for a new start: an orderly end, no failure."""
