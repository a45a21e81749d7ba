"""Waiting for what must come true."""

import asyncio
import time
from collections.abc import Callable


async def until(condition: Callable[[], object], timeout_s: float = 10.0, step_s: float = 0.01) -> None:
    """Return as soon as ``condition()`` is true; fail when it is not in time."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not happen in time"
        await asyncio.sleep(step_s)
