"""Asks whether the API server still answers: a dead connection looks just like a quiet watch."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from backend.discovery.kubernetes.errors import KubernetesError
from backend.discovery.kubernetes.limits import Limits


class Prober:
    """Asks every two seconds while a watch is open, and soon after it was opened. Threading: one event loop."""

    def __init__(
        self,
        ask: Callable[[], Awaitable[object]],
        limits: Limits,
        *,
        on_answer: Callable[[], None],
        on_failure: Callable[[str, int], None],
    ) -> None:
        """``ask`` sends one cheap request.

        Args:
            ask: raises :class:`KubernetesError` where there is no good answer.
            limits: times.
            on_answer: called for a good answer to a question that was asked while this same watch was open.
            on_failure: told the cause and the number of failures in a row of this watch.
        """
        self._ask = ask
        self._limits = limits
        self._on_answer = on_answer
        self._on_failure = on_failure
        self._watch: object | None = None
        self._fresh = asyncio.Event()
        self._failures = 0

    def opened(self, watch: object) -> None:
        """A watch was accepted: it needs proof soon."""
        self._watch, self._failures = watch, 0
        self._fresh.set()

    def closed(self) -> None:
        """There is no watch that needs proof."""
        self._watch = None

    def heard(self) -> None:
        """The watch itself told something."""
        self._failures = 0

    async def run(self) -> None:
        """Ask until cancelled."""
        now = asyncio.get_running_loop().time
        pause_s = self._limits.probe_every_s
        while True:
            await self._pause(pause_s)
            began_s = now()
            if self._watch is not None:
                await self._probe(self._watch)
            pause_s = max(0.0, began_s + self._limits.probe_every_s - now())

    async def _pause(self, pause_s: float) -> None:
        """Wait; less for a watch that was just opened, which may still be refused inside its answer."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause_s):
                await self._fresh.wait()
        if self._fresh.is_set():
            self._fresh.clear()
            await asyncio.sleep(self._limits.settle_s)

    async def _probe(self, watch: object) -> None:
        cause = ""
        try:
            async with asyncio.timeout(self._limits.probe_s):
                await self._ask()
        except TimeoutError:
            cause = "the API server does not answer"
        except KubernetesError as error:
            cause = str(error)
        if watch is not self._watch:
            return
        if cause:
            self._failures += 1
            self._on_failure(cause, self._failures)
        else:
            self._failures = 0
            self._on_answer()
