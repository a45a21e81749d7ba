"""A key that is pressed again and again, and how long each press took to show."""

import asyncio
import random
import time
from collections.abc import Callable

KEY = "KeyA"
HOLD_S = 0.05
PAUSE_S = (0.2, 0.34)
"""Drawn by lot, so that presses fall on every moment of the guest's and the stream's rhythm."""
ANSWER_S = 2.0
"""One that does not show within this is lost."""


class Presses:
    """The presses of one instance; the next one waits for the answer to the one before."""

    def __init__(self, press: Callable[[str, bool], None]) -> None:
        self.answers_ms: list[float] = []
        self.unanswered = 0
        self._press = press
        self._pressed_us: int | None = None
        self._answered = asyncio.Event()

    def changed(self, decoded_us: int) -> None:
        """The probe area changed in a picture of this time."""
        if self._pressed_us is not None:
            self.answers_ms.append((decoded_us - self._pressed_us) / 1000)
            self._pressed_us = None
            self._answered.set()

    async def go_on(self) -> None:
        """Press until cancelled."""
        while True:
            await asyncio.sleep(random.uniform(*PAUSE_S))
            self._answered.clear()
            self._pressed_us = time.monotonic_ns() // 1000
            self._press(KEY, True)
            await asyncio.sleep(HOLD_S)
            self._press(KEY, False)
            try:
                async with asyncio.timeout(ANSWER_S):
                    await self._answered.wait()
            except TimeoutError:
                self.unanswered += 1
                self._pressed_us = None
