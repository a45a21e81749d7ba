"""Waiting for the next frame in a thread of its own, so that the frame loop uses the time until it comes."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

import xr

LOOK_S = 0.003
"""Between two looks at whether there is something to do; a picture waits no longer than that."""

Meanwhile = Callable[[], bool]
"""Does one small thing, if there is one to do; whether it did."""


class FrameWaiter:
    """Calls xrWaitFrame, alone of all calls, elsewhere. Threading: the frame loop's, beside the thread that it owns.

    OpenXR lets this one call overlap with those that graphics and swapchains need (OpenXR 1.1, section 10.5).
    """

    def __init__(self, session: xr.Session) -> None:
        self._session = session
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="wait for a frame")

    def wait(self, meanwhile: Meanwhile) -> tuple[xr.FrameState, float]:
        """The next frame, and when the wait for it was over by time.perf_counter(). Raises as pyopenxr does."""
        coming: Future[tuple[xr.FrameState, float]] = self._thread.submit(self._wait)
        try:
            while not coming.done():
                if not meanwhile():
                    wait([coming], LOOK_S)
        finally:
            wait([coming])  # whoever ends the session after an error must not end it under this call
        return coming.result()

    def close(self) -> None:
        """End the thread, after the last wait."""
        self._thread.shutdown(wait=False)

    def _wait(self) -> tuple[xr.FrameState, float]:
        return xr.wait_frame(self._session), time.perf_counter()
