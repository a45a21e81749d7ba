"""Another OpenXR program that comes to the front: run as ``python -m tests.vr.other_program``, ends with its input."""

import select
import sys

from vr.graphics.choice import choose
from vr.openxr.instance import offered_extensions
from vr.openxr.layer_path import Wish
from vr.openxr.runtime import Runtime


def main() -> None:
    """Show nothing until standard input closes."""
    offered = offered_extensions()
    runtime = Runtime.start(choose(offered, "auto"), offered, Wish.AUTO)
    while not select.select([sys.stdin], [], [], 0)[0]:
        runtime.poll()
        frame = runtime.wait_frame()
        if frame is not None:
            runtime.end_frame(frame, [])
    runtime.close()


if __name__ == "__main__":
    main()
