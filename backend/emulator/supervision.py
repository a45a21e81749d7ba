"""Runs the guest, and tells probes and streamer how it is, until the container stops."""

import asyncio
import logging
import signal
from pathlib import Path

from backend.contract.errors import SettingsError
from backend.contract.lan_wiring import guest_mac
from backend.contract.status import GuestReport, GuestState
from backend.contract.tasks import END_OF_SESSION, LoopErrors
from backend.emulator.settings import EmulatorSettings
from backend.qemu.emulator import Emulator
from backend.qemu.run_directory import RunDirectory
from backend.qemu.settings import GuestSettings
from backend.qemu.supervisor_socket import serve

log = logging.getLogger(__name__)

_STOPPED = GuestReport(GuestState.RESTARTING, "The emulator was stopped; it starts again with its container.")


async def supervise(instance: str, settings: EmulatorSettings, guest: GuestSettings) -> None:
    """Run the guest until SIGTERM or SIGINT; then QEMU is gone, within two seconds.

    Raises:
        SettingsError: a directory cannot be used.
    """
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(LoopErrors(*END_OF_SESSION))
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    directory = RunDirectory(settings.directory)
    directory.create()
    emulator = Emulator(
        instance=instance,
        settings=guest,
        run_directory=settings.directory,
        state_directory=_state_directory(settings.state_directory, instance),
        on_report=_Log(),
        mac=guest_mac(instance, settings.lan_site) if settings.lan else None,
    )
    _tell(directory, emulator.report)
    try:
        await _run(emulator, directory, stop)
    finally:
        _tell(directory, _STOPPED)
        directory.supervisor.unlink(missing_ok=True)


async def _run(emulator: Emulator, directory: RunDirectory, stop: asyncio.Event) -> None:
    try:
        server = await serve(directory.supervisor, report=lambda: emulator.report, restart=emulator.restart)
    except OSError as error:
        raise SettingsError(f"The run directory {directory.path} takes no sockets: {error.strerror}.") from error
    async with server, asyncio.TaskGroup() as tasks:
        running = tasks.create_task(emulator.run(), name="emulator")
        await stop.wait()
        log.info("stopping")
        running.cancel()


def _state_directory(root: Path, instance: str) -> Path:
    directory = root / instance
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"The state directory {directory} cannot be made: {error.strerror}. Mount a volume there that the user of "
            "this program may write, or choose another with --state-directory."
        ) from error
    return directory


def _tell(directory: RunDirectory, report: GuestReport) -> None:
    """The file is what a streamer reads while there is no QEMU."""
    try:
        directory.write_report(report)
    except OSError as error:
        raise SettingsError(f"The run directory {directory.path} cannot be written: {error.strerror}.") from error


class _Log:
    """Tells the log of each change."""

    def __init__(self) -> None:
        self._last: GuestReport | None = None

    def __call__(self, report: GuestReport) -> None:
        if report != self._last:
            log.info("the guest is %s", " - ".join(filter(None, (report.state.value, report.reason))))
        self._last = report
