"""What becomes of a guest that nobody watches: it runs on, runs slowly, or sleeps; and is awake at once when needed."""

import asyncio
import enum
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

log = logging.getLogger(__name__)

SLOW_STOP_S, SLOW_RUN_S = 0.8, 0.2
"""Running slowly: a fifth of the time. In turns this long switching costs nothing worth counting, and the one picture a
second that a hidden tile may ask for still moves."""
AGAIN_S = 1.0
"""A guest that may not rest yet, since it boots, is asked again after so long."""


class Unwatched(enum.StrEnum):
    """The policy."""

    RUN = "run"
    SLOW = "slow"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class RestPolicy:
    """What to do, and how long after the last look or input."""

    unwatched: Unwatched = Unwatched.RUN
    after_s: float = 10.0


WORDS = {
    Unwatched.RUN: "",
    Unwatched.SLOW: "The guest runs slowly while nobody watches, and at full speed at once when somebody does.",
    Unwatched.PAUSE: "The guest sleeps while nobody watches, and goes on at once when somebody does.",
}

Switch = Callable[[bool], Awaitable[None]]
"""Lets the guest's processor run, or stops it."""


class Rest:
    """Decides when the guest rests. Threading: event loop only.

    Args:
        may_rest: whether the guest can do so now; one that boots cannot.
        on_stop: called with True right before the processor is stopped, with False as soon as it runs again: meanwhile
            QEMU throws inputs away.
        on_change: :attr:`words` changed.
    """

    def __init__(
        self, *, may_rest: Callable[[], bool], on_stop: Callable[[bool], None], on_change: Callable[[], None]
    ) -> None:
        self._may_rest = may_rest
        self._on_stop = on_stop
        self._on_change = on_change
        self._watched = False
        self._needed_s = float("-inf")
        self._awake = asyncio.Event()
        self.words = ""
        """What a person should know of a guest that rests; empty while it does not."""

    def set_watched(self, watched: bool) -> None:
        """Somebody sees the picture, or nobody any more."""
        if watched != self._watched:
            self._watched = watched
            self.touch()
            self._awake.set()

    def touch(self) -> None:
        """Somebody needs the guest awake just now: an input, a reset."""
        self._needed_s = asyncio.get_running_loop().time()
        if self.words:
            self._awake.set()

    async def run(self, policy: RestPolicy, switch: Switch) -> None:
        """Let the guest rest and wake it, until cancelled; what ``switch`` raises goes on to the caller."""
        if policy.unwatched is Unwatched.RUN:
            return
        # There was nothing to look at before.
        self._needed_s = asyncio.get_running_loop().time()
        while True:
            await self._until_unneeded(policy.after_s)
            await self._rest(policy.unwatched, switch)

    async def _until_unneeded(self, after_s: float) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._awake.clear()
            wait_s = self._needed_s + after_s - loop.time()
            if self._watched:
                await self._awake.wait()
            elif wait_s > 0:
                await self._sleep(wait_s)
            elif self._may_rest():
                return
            else:
                await self._sleep(AGAIN_S)

    async def _rest(self, how: Unwatched, switch: Switch) -> None:
        log.info("nobody watches: the guest %s", "sleeps" if how is Unwatched.PAUSE else "runs slowly")
        self._say(WORDS[how])
        try:
            while not self._awake.is_set():
                self._on_stop(True)
                try:
                    await switch(False)
                    await self._sleep(SLOW_STOP_S if how is Unwatched.SLOW else None)
                    await switch(True)
                finally:
                    self._on_stop(False)
                if how is Unwatched.SLOW:
                    await self._sleep(SLOW_RUN_S)
        finally:
            self._say("")
        log.info("the guest is awake")

    async def _sleep(self, seconds: float | None) -> None:
        """For so long, but no longer than nobody needs the guest."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._awake.wait()

    def _say(self, words: str) -> None:
        self.words = words
        self._on_change()
