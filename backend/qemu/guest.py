"""The streamer's side: the guest of one run directory, attached through its sockets whatever happens to QEMU."""

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path

from backend.contract.control import PointerMode
from backend.contract.keys import PhysicalKey
from backend.contract.retry import Backoff, forever
from backend.contract.status import GuestReport, GuestState
from backend.qemu.display import Display, attach
from backend.qemu.errors import MonitorError, QemuError, first_error
from backend.qemu.hang import INTERVAL_S, Sample, Verdict, judge, read_sample
from backend.qemu.input import GuestInput
from backend.qemu.monitor import Monitor, connect
from backend.qemu.poke import Poker
from backend.qemu.rest import Rest, RestPolicy, Unwatched
from backend.qemu.run_directory import GuestFile, Probe, RunDirectory
from backend.qemu.screen import Screen
from backend.qemu.sound import Sound
from backend.qemu.supervisor_socket import ask_restart

log = logging.getLogger(__name__)

ATTACH_BACKOFF = Backoff(initial_s=0.02, maximum_s=1.0)
"""Short: QEMU is there again 0.1 s after its supervisor started it."""

START_S = 1.0
LISTEN_POLL_S = 0.02

_HANGS = {
    Verdict.HALTED: "The guest stopped its processor for good; reset it.",
    Verdict.SPINNING: "The guest runs in a circle and reacts to nothing; reset it.",
}
_DEAD_STATES = frozenset({"guest-panicked", "internal-error", "io-error", "shutdown"})


class Guest:
    """Picture, sound, input and state of one guest. Attaches again by itself, for ever, when QEMU restarts.

    Threading: event loop only. ``on_picture`` and ``on_sound`` are called once for all changes that arrived together.
    """

    def __init__(
        self,
        run_directory: Path,
        *,
        on_picture: Callable[[], None],
        on_report: Callable[[GuestReport], None],
        on_sound: Callable[[], None] = lambda: None,
    ) -> None:
        self.screen = Screen()
        self.sound = Sound()
        self.report = GuestReport(GuestState.BOOTING, "Waiting for QEMU to start.")
        self._directory = RunDirectory(run_directory)
        self._on_picture = on_picture
        self._on_report = on_report
        self._on_sound = on_sound
        self._file = GuestFile()
        self._monitor: Monitor | None = None
        self._poker = Poker(self._directory.poke, lambda: self.screen.pictures)
        self._input = GuestInput(self._poker.after_input, lambda: self.screen.size)
        self._rest = Rest(may_rest=self._may_rest, on_stop=self._input.hold, on_change=self._rest_changed)
        self._ask_pointer = asyncio.Event()
        self._samples: list[Sample] = []

    @property
    def pointer(self) -> PointerMode:
        """What the guest takes now: positions or movements."""
        return self._input.pointer

    @property
    def probe(self) -> Probe | None:
        """Area that changes with every key press, where the guest has one."""
        return self._file.probe

    @property
    def drops(self) -> dict[str, int]:
        """Inputs that did not reach the guest, by cause."""
        return self._input.drops

    async def run(self) -> None:
        """Attach, and attach again, until cancelled."""
        await forever(
            f"guest in {self._directory.path}",
            self._attempt,
            failures=(QemuError,),
            backoff=ATTACH_BACKOFF,
            on_failure=self._failed,
        )

    def set_watched(self, watched: bool) -> None:
        """Whether anybody sees the picture; while nobody does, the guest may rest, as its settings say."""
        self._rest.set_watched(watched)

    def watch_closely(self, closely: bool) -> None:
        """Whether somebody wants every picture that the guest draws, up to 60 a second."""
        self._poker.watch_closely(closely)

    def key(self, key: PhysicalKey, down: bool) -> None:
        """Press or release a key; never blocks. So with all inputs."""
        self._rest.touch()
        self._input.key(key, down)

    def button(self, button: int, down: bool) -> None:
        """Press or release a mouse button, numbered as ``contract.input.BUTTONS``."""
        self._rest.touch()
        self._input.button(button, down)

    def wheel(self, down: int, right: int = 0) -> None:  # noqa: ARG002 - the wire has it, QEMU's mice have not
        """Turn the mouse wheel; negative is up."""
        self._rest.touch()
        self._input.wheel(down)

    def move_to(self, x: int, y: int) -> None:
        """Move the pointer to a guest pixel; only where :attr:`pointer` is absolute."""
        self._rest.touch()
        self._input.move_to(x, y)

    def move_by(self, dx: int, dy: int) -> None:
        """Move the pointer by so many mouse counts; only where :attr:`pointer` is relative."""
        self._rest.touch()
        self._input.move_by(dx, dy)

    async def reset(self) -> None:
        """Back to the snapshot where there is one, else as the reset button does.

        Raises:
            QemuError: there is no QEMU just now, or it refused.
        """
        monitor = self._monitor
        if monitor is None:
            raise QemuError("The guest cannot be reset: QEMU is not running; its supervisor starts it again.")
        self._rest.touch()
        self._file = self._directory.read_guest()
        if self._file.snapshot is None or not await self._load(monitor, self._file.snapshot):
            await monitor.execute("system_reset")
        if not (await monitor.execute("query-status"))["running"]:
            await monitor.execute("cont")
        self._samples.clear()
        self._poker.after_input()

    async def restart(self) -> None:
        """Have the supervisor start another QEMU, also where this one answers nothing any more.

        Raises:
            QemuError: no supervisor can be asked.
        """
        await ask_restart(self._directory.supervisor)

    async def _load(self, monitor: Monitor, tag: str) -> bool:
        answer = (await monitor.human(f"loadvm {tag}")).strip()
        if answer:
            log.warning("the snapshot '%s' cannot be loaded, resetting instead: %s", tag, answer)
        return not answer

    async def _attempt(self, healthy: Callable[[], None]) -> None:
        await self._until_listening()
        async with connect(self._directory.stream) as monitor:
            self._file = self._directory.read_guest()
            async with attach(
                monitor,
                screen=self.screen,
                sound=self.sound if self._file.sound else None,
                on_picture=self._picture_arrived,
                on_sound=self._on_sound,
                on_mouse_mode=self._ask_pointer.set,
            ) as (display, broken):
                healthy()
                try:
                    self._monitor = monitor
                    self._input.attach(display)
                    await self._follow(monitor, display, broken)
                finally:
                    self._monitor = None
                    self._input.attach(None)
                    self._input.forget_waiting()

    async def _until_listening(self) -> None:
        """A QEMU that is being started is no failure yet."""
        deadline = time.monotonic() + START_S
        while not self._directory.stream.exists():
            if time.monotonic() > deadline:
                raise MonitorError(f"There is no QEMU in {self._directory.path}.")
            await asyncio.sleep(LISTEN_POLL_S)

    async def _follow(self, monitor: Monitor, display: Display, broken: "asyncio.Future[None]") -> None:
        """Until the attachment breaks."""
        self._ask_pointer.set()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._follow_pointer(display), name="pointer mode")
                tasks.create_task(self._input.serve_fallback(monitor), name="input by QMP")
                tasks.create_task(self._poker.run(), name="refresh pokes")
                tasks.create_task(self._probe(monitor), name="hang probe")
                tasks.create_task(self._let_rest(monitor), name="rest while unwatched")
                await broken
        except ExceptionGroup as group:
            raise first_error(group, QemuError) from group

    async def _follow_pointer(self, display: Display) -> None:
        for mode in PointerMode:
            if mode.value == self._file.pointer:
                self._input.pointer = mode
                return
        while True:
            await self._ask_pointer.wait()
            self._ask_pointer.clear()
            self._input.pointer = PointerMode.ABSOLUTE if await display.is_absolute() else PointerMode.RELATIVE

    async def _probe(self, monitor: Monitor) -> None:
        """Look at the guest every few seconds; at its CPU only while its picture stands still."""
        while True:
            await asyncio.sleep(INTERVAL_S)
            if self._rest.words:
                self._samples.clear()
                continue
            # Asked before QEMU is: a first boot that is being saved stands still for a moment, by nobody's wish.
            started = self._is_started()
            status = str((await monitor.execute("query-status"))["status"])
            if status != "running":
                self._samples.clear()
                report = _report_of(status)
                if started or report.state is not GuestState.PAUSED:
                    self._tell(report)
                continue
            still_s = time.monotonic() - self.screen.lively_us / 1e6
            if still_s < INTERVAL_S:
                self._samples.clear()
                self._tell(GuestReport(GuestState.RUNNING))
                continue
            await self._sample(monitor)

    async def _sample(self, monitor: Monitor) -> None:
        sample = read_sample(await monitor.human("info registers"))
        if sample is None:
            return
        self._samples = [*self._samples[-8:], sample]
        verdict = judge(self._samples)
        if verdict is Verdict.ALIVE:
            self._tell(GuestReport(GuestState.RUNNING))
        else:
            self._tell(GuestReport(GuestState.HUNG, _HANGS[verdict]))

    async def _let_rest(self, monitor: Monitor) -> None:
        async def switch(runs: bool) -> None:
            await monitor.execute("cont" if runs else "stop")
            if runs:
                self._poker.after_input()

        policy = RestPolicy(Unwatched(self._file.unwatched), self._file.unwatched_after_s)
        if policy.unwatched is not Unwatched.RUN and (await monitor.execute("query-status"))["status"] == "paused":
            # A streamer before this one left it asleep.
            await switch(True)
        await self._rest.run(policy, switch)

    def _may_rest(self) -> bool:
        """A guest whose first boot must still be saved may not."""
        return self._is_started() and self.report.state is GuestState.RUNNING

    def _is_started(self) -> bool:
        """Whether the supervisor, where there is one, has done all that belongs to the start."""
        supervisor = self._directory.read_report()
        return supervisor is None or supervisor.state is GuestState.RUNNING

    def _rest_changed(self) -> None:
        if self.report.state is GuestState.RUNNING:
            self._tell(GuestReport(GuestState.RUNNING, self._rest.words))

    def _picture_arrived(self) -> None:
        if self._monitor is not None and self.report.state is not GuestState.PAUSED:
            self._tell(GuestReport(GuestState.RUNNING, self._rest.words))
        self._on_picture()

    def _failed(self, error: Exception, failures: int, delay_s: float) -> None:  # noqa: ARG002
        self._samples.clear()
        supervisor = self._directory.read_report()
        if supervisor is not None and supervisor.state is not GuestState.RUNNING:
            self._tell(supervisor)
        elif self.report.state is not GuestState.BOOTING:
            self._tell(GuestReport(GuestState.RESTARTING, f"{error} It is started again."))

    def _tell(self, report: GuestReport) -> None:
        if report == self.report:
            return
        if report.state is not self.report.state:
            log.info("the guest is %s", " - ".join(filter(None, (report.state.value, report.reason))))
        self.report = report
        self._on_report(report)


def _report_of(status: str) -> GuestReport:
    """What a run state of QEMU other than ``running`` means."""
    if status in _DEAD_STATES:
        return GuestReport(GuestState.HUNG, f"QEMU stopped the guest ({status}); reset it.")
    return GuestReport(GuestState.PAUSED, "The guest is paused; it goes on when its operator lets it.")
