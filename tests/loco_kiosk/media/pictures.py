"""Pictures that tell whose they are, and a process that writes them as fast as it can."""

import os
import subprocess
import sys
import time

import numpy as np
from av.video.frame import VideoFrame

from loco_kiosk.media.frames import FrameTiming
from loco_kiosk.media.shared_wall import SharedWall
from loco_kiosk.media.shared_writer import PictureWriter


def grey(level: int, width_px: int = 64, height_px: int = 48) -> VideoFrame:
    """One colour all over: ``level`` of luma, 16 to 235."""
    frame = VideoFrame(width_px, height_px, "yuv420p")
    for plane, value in zip(frame.planes, (level, 128, 128), strict=True):
        plane.update(bytes([value]) * plane.buffer_size)
    return frame


def noise(width_px: int, height_px: int, kind: str = "yuv420p") -> VideoFrame:
    random = np.random.default_rng(3)
    pixels = random.integers(0, 255, (height_px, width_px, 3), np.uint8)
    return VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format=kind)


def timing(captured_us: int | None = None) -> FrameTiming:
    now_us = time.monotonic_ns() // 1000
    return FrameTiming(0, captured_us, now_us, now_us)


def writing_process(memory: int, seconds: float, pause_s: float) -> subprocess.Popen[bytes]:
    """Writes grey pictures of growing number into place 0."""
    words = [sys.executable, "-m", "tests.loco_kiosk.media.pictures", str(memory), str(seconds), str(pause_s)]
    return subprocess.Popen(words, pass_fds=(memory,), env={**os.environ, "PYTHONPATH": os.getcwd()})


def main() -> None:
    memory, seconds, pause_s = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
    writer = PictureWriter(SharedWall(memory))
    frames = [grey(level, 640, 480) for level in range(16, 235)]
    end_s = time.monotonic() + seconds
    number = 0
    while time.monotonic() < end_s:
        writer.write(0, 1, frames[number % len(frames)], timing())
        number += 1
        time.sleep(pause_s)


if __name__ == "__main__":
    main()
