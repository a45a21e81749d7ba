"""A wall that only a feed knows: what the kiosk is for ``python -m vr``, with pictures that a test draws.

The VR process is the real one, and so are the shared memory and the lines.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self, TypeVar

import av
import numpy as np
from numpy.typing import NDArray

from loco_kiosk.client.tile import TileState
from loco_kiosk.client.vr_messages import (
    Focus,
    FromVr,
    Roster,
    ScreenView,
    SoundState,
    Status,
    Stop,
    ToVr,
    Visible,
    from_vr_from_line,
    to_line,
)
from loco_kiosk.media.frames import FrameTiming
from loco_kiosk.media.shared_wall import SharedWall, create
from loco_kiosk.media.shared_writer import PictureWriter
from tests.vr.monado import until

ROOT = Path(__file__).resolve().parents[2]
SIZE_PX = (640, 480)
ENDS_WITHIN_S = 5.0
TENANCY = 1
GREY = 40
"""Of pictures without a mark."""
Message = TypeVar("Message", bound=FromVr)


class PretendedFeed:
    """The feed's end, and the VR process at the other one.

    ``messages`` holds what it has said, with monotonic times. Threading: pictures are written by one thread.
    """

    def __init__(self, screens: int, log_file: Path) -> None:
        self.screens = tuple(_screen(slot) for slot in range(screens))
        self.messages: list[tuple[float, FromVr]] = []
        self.process: subprocess.Popen[bytes] | None = None
        self._log_file = log_file
        self._memory = create()
        self._writer = PictureWriter(SharedWall(self._memory))
        self._socket, self._theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener = threading.Thread(target=self._listen, name="feed", daemon=True)

    def start(self, environment: Mapping[str, str], *flags: str) -> Self:
        """Run ``python -m vr`` on it."""
        command = ["setpriv", "--pdeathsig", "KILL", "--", sys.executable, "-m", "vr"]
        command += ["--feed-socket", str(self._theirs.fileno()), "--feed-memory", str(self._memory), *flags]
        with self._log_file.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, "LOCO_CONFIG": "/dev/null", **environment},
                pass_fds=[self._theirs.fileno(), self._memory],
                stdout=log,
                stderr=log,
            )
        self._theirs.close()
        self._listener.start()
        for line in (SoundState(), Focus(None), Roster(self.screens)):
            self.tell(line)
        return self

    def tell(self, message: ToVr) -> None:
        """Say something to the VR process."""
        self._socket.sendall(to_line(message))

    def put(self, slot: int, frame: av.VideoFrame) -> None:
        """Show a picture that has just been decoded."""
        now_us = time.monotonic_ns() // 1000
        self._writer.write(slot, TENANCY, frame, FrameTiming(0, now_us, now_us, now_us))

    def draw(self, slot: int, pixels: NDArray[np.uint8]) -> None:
        """Show (height, width, 3) RGB."""
        self.put(slot, av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuv420p"))

    def said(self, kind: type[Message], since_s: float = 0.0) -> list[Message]:
        """Everything of one kind that came since a monotonic time."""
        return [message for at_s, message in list(self.messages) if at_s >= since_s and isinstance(message, kind)]

    def wait(self, condition: Callable[[], bool], within_s: float = 20.0) -> None:
        """Wait for something that the VR process says or does; fails when it ends before."""

        def there() -> bool:
            assert self.process is not None
            came = condition()
            assert came or self.process.poll() is None, f"VR ended: {self.log}"
            return came

        until(there, within_s, lambda: f"{self.said(Status)[-3:]} {self.log[-4000:]}")

    def wait_until_worn(self) -> None:
        """Wait until the session is seen, and the wall is asked for."""
        self.wait(lambda: bool(self.said(Visible)) and any(status.state == "worn" for status in self.said(Status)))

    @property
    def log(self) -> str:
        """What the VR process has written."""
        return self._log_file.read_text(errors="replace")

    def stop(self) -> int:
        """Have the VR process end; its exit status."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.tell(Stop())
        try:
            return self.process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def close(self) -> None:
        """End the VR process, and give back what it shared."""
        try:
            self.stop()
        finally:
            self._socket.close()
            os.close(self._memory)

    def _listen(self) -> None:
        with self._socket.makefile("rb") as lines:
            try:
                for line in lines:
                    message = from_vr_from_line(line)
                    if message is not None:
                        self.messages.append((time.monotonic(), message))
            except OSError:
                return  # closed by stop()


def _screen(slot: int) -> ScreenView:
    return ScreenView(
        place=slot,
        tenancy=TENANCY,
        slot=slot,
        id=f"instance-{slot}",
        name=f"Machine {slot + 1}",
        state=TileState.LIVE,
        mine=True,
        fps=30.0,
        delay_ms=10.0,
        width_px=SIZE_PX[0],
        height_px=SIZE_PX[1],
    )


def marked(marks: Sequence[tuple[int, int]], size_px: int = 24) -> NDArray[np.uint8]:
    """A dark picture with magenta squares around these pixels."""
    picture = np.full((SIZE_PX[1], SIZE_PX[0], 3), GREY, np.uint8)
    for x, y in marks:
        half = size_px // 2
        picture[y - half : y + half, x - half : x + half] = (255, 0, 255)
    return picture


def magenta(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    """How much of the marks' colour each pixel has, 0 to 1."""
    red, green, blue = (picture[..., channel].astype(np.float64) for channel in range(3))
    return np.clip((np.minimum(red, blue) - green) / 255, 0, 1)
