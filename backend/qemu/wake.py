"""Tell the event loop from another thread that there is something to take, once however often it is said."""

import asyncio
import contextlib
from collections.abc import Callable


class Wake:
    """Calls ``callback`` in the loop after one or many :meth:`ring`.

    Threading: ``ring`` from any thread; the callback runs in the loop in which this was made.
    """

    def __init__(self, callback: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._callback = callback
        self._rung = False

    def ring(self) -> None:
        """Have the callback called soon; cheap when it is already due."""
        if self._rung:
            return
        self._rung = True
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody wants to know any more
            self._loop.call_soon_threadsafe(self._answer)

    def _answer(self) -> None:
        self._rung = False
        self._callback()
