"""A key that is pressed again and again, and how long each press took to show."""

import asyncio
import random
import time
from collections.abc import Callable

KEY = "KeyA"
HOLD_S = 0.05
PAUSE_S = (0.04, 0.1)
"""Between two presses, drawn by lot, so that they fall on every moment of the guest's and the stream's rhythm."""
ANSWER_S = 2.0
"""One that does not show within this is lost."""


class Presses:
    """The presses of one instance; the next one waits for the answer to the one before.

    Args:
        press: presses or releases a key.
        hand: one for all instances: a person types into one guest at a time.
    """

    def __init__(self, press: Callable[[str, bool], None], hand: asyncio.Lock) -> None:
        self.answers_ms: list[float] = []
        self.unanswered = 0
        self._press = press
        self._hand = hand
        self._pressed_us: int | None = None
        self._answered = asyncio.Event()

    def changed(self, decoded_us: int) -> None:
        """The probe area changed in a picture of this time."""
        if self._pressed_us is not None:
            self.answers_ms.append((decoded_us - self._pressed_us) / 1000)
            self._pressed_us = None
            self._answered.set()

    async def go_on(self) -> None:
        """Press, by turns with the other instances, until cancelled."""
        while True:
            async with self._hand:
                await asyncio.sleep(random.uniform(*PAUSE_S))
                await self._press_once()

    async def _press_once(self) -> None:
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
