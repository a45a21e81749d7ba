"""The descriptors that join two processes."""

import os
import subprocess
import sys

from loco_kiosk.client.vr_ends import FeedEnds
from loco_kiosk.media.shared_wall import SharedWall


def test_another_process_finds_socket_and_memory() -> None:
    ends = FeedEnds.open()
    descriptors = ends.descriptors()
    program = (
        "import sys; from loco_kiosk.client.vr_ends import FeedEnds; "
        "from loco_kiosk.media.shared_wall import SharedWall\n"
        "ends = FeedEnds.inherited(int(sys.argv[1]), int(sys.argv[2]))\n"
        "SharedWall(ends.memory).ring(1)[0] = 7\n"
        "ends.near.sendall(b'done')\n"
    )
    words = [sys.executable, "-c", program, *map(str, descriptors)]
    wall = SharedWall(ends.memory)
    with subprocess.Popen(words, pass_fds=descriptors, env={**os.environ, "PYTHONPATH": os.getcwd()}):
        ends.handed_over()
        assert ends.near.recv(10) == b"done"
        assert ends.near.recv(10) == b"", "the end of the other process must show"
    assert wall.ring(1)[0] == 7
    ends.close()


def test_closing_twice_does_no_harm() -> None:
    ends = FeedEnds.open()
    ends.handed_over()
    ends.close()
    ends.close()
    assert ends.memory == -1
