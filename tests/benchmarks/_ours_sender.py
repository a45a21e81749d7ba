"""The product's streamer, whole, with the clip in the place of a guest.

``python -m tests.benchmarks._ours_sender CLIP CLOCK FPS LISTEN_FD``
"""

import functools
import sys
from pathlib import Path

from backend.streamer import app
from tests.benchmarks import _counter
from tests.benchmarks._clip import ClipGuest, read


def main() -> int:
    """Serve until ended."""
    clip, clock, fps, descriptor = sys.argv[1:]
    guest = functools.partial(ClipGuest, read(Path(clip)), _counter.Clock(Path(clock)), fps=float(fps))
    vars(app)["guest_factory"] = lambda _settings: guest
    options = ["--synthetic", "--listen-fd", descriptor, "--media-addresses", "127.0.0.1", "--log-level", "warning"]
    return app.main(options)


if __name__ == "__main__":
    sys.exit(main())
