"""What nine screens heard through head-related filters cost: ``python -m tests.benchmarks._vr_sound SECONDS``.

They are rendered into memory as fast as it goes, with a head that turns. Prints one JSON document.
"""

import json
import math
import sys
import time

import numpy as np

from vr.audio.spatial import FULL, SpatialSound
from vr.scene.geometry import ZERO, Pose, Vector, about_y

SCREENS = 9
RATE_HZ = 48_000
FRAME = 800
"""Samples of one composited frame at 60 Hz."""


def main() -> None:
    """Render so many seconds of sound."""
    seconds = float(sys.argv[1])
    sound = SpatialSound.open(loopback=True)
    tones = [
        (8000 * np.sin(np.arange(RATE_HZ) * math.tau * hertz / RATE_HZ)).astype(np.int16)
        for hertz in range(220, 220 + 110 * SCREENS, 110)
    ]
    for screen in range(SCREENS):
        across = math.radians((screen % 3 - 1) * 28.5)
        where = Vector(2 * math.sin(across), 0.75 * (1 - screen // 3), -2 * math.cos(across))
        sound.place(screen, where, FULL)
    began_s, frames = time.process_time(), int(seconds * 60)
    for frame in range(frames):
        sound.listener(Pose(about_y(0.3 * math.sin(frame / 60)), ZERO))
        start = frame * FRAME % (RATE_HZ - FRAME)
        for screen, tone in enumerate(tones):
            sound.push(screen, tone[start : start + FRAME])
        sound.pump(frame / 60)
        sound.render(FRAME)
    cpu_s = time.process_time() - began_s
    print(json.dumps({"seconds": seconds, "cpu_s": cpu_s, "hrtf": sound.hrtf, "late": sound.statistics().late}))
    sound.close()


if __name__ == "__main__":
    main()
