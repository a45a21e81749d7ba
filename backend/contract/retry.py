"""The one reconnect shape: ``attempt()`` may fail, the loop around it decides when to try again.

It says so once on failure and once on recovery, however many attempts lie between.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential back-off with jitter; delays in seconds."""

    initial_s: float = 0.2
    maximum_s: float = 10.0
    factor: float = 2.0
    jitter: float = 0.3
    """A delay is multiplied by a random factor from ``1 - jitter`` to ``1 + jitter``: many clients spread out."""

    def delay_s(self, failures: int, uniform: Callable[[float, float], float] = random.uniform) -> float:
        """Wait after the ``failures``-th failure in a row, which counts from 1."""
        exponent = min(failures - 1, 32)
        plain = min(self.maximum_s, self.initial_s * self.factor**exponent)
        return plain * uniform(1.0 - self.jitter, 1.0 + self.jitter)


async def forever(
    name: str,
    attempt: Callable[[Callable[[], None]], Awaitable[None]],
    *,
    failures: tuple[type[Exception], ...],
    backoff: Backoff,
    on_failure: Callable[[Exception, int, float], None] | None = None,
) -> None:
    """Run ``attempt`` until cancelled.

    Args:
        name: what is being connected, for the log: "event stream of http://...".
        attempt: one connection from start to end. It calls its argument as soon as it works; that resets the back-off.
            Returning is an orderly end and is tried again after the shortest delay.
        failures: the expected errors; any other is a bug and is raised.
        backoff: the delays.
        on_failure: told the error, the number of failures in a row and the delay in seconds until the next attempt.
    """
    count = 0

    def healthy() -> None:
        nonlocal count
        if count:
            log.info("%s: works again after %d failed attempt%s", name, count, "" if count == 1 else "s")
        count = 0

    while True:
        try:
            await attempt(healthy)
            delay_s = backoff.delay_s(1)
        except failures as error:
            count += 1
            delay_s = backoff.delay_s(count)
            if count == 1:
                said = str(error).rstrip(".") or type(error).__name__
                log.warning("%s: %s; trying again", name, said)
            if on_failure is not None:
                on_failure(error, count, delay_s)
        await asyncio.sleep(delay_s)
