"""The two descriptors that join a feed and a VR process: a stream socket and the shared memory."""

import os
import socket
from dataclasses import dataclass

from loco_kiosk.media import shared_wall


@dataclass(slots=True)
class FeedEnds:
    """What this process has of a feed. Either side may make them, and hands :meth:`descriptors` to the other."""

    near: socket.socket
    """Ours; whoever uses it closes it."""
    memory: int
    """Descriptor of the shared memory; -1 once closed."""
    far: socket.socket | None = None
    """The other process's; None where it made the ends."""

    @classmethod
    def open(cls) -> "FeedEnds":
        """Make both.

        Raises:
            OSError: the kernel gives no memory or descriptors.
        """
        memory = shared_wall.create()
        near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        return cls(near, memory, far)

    @classmethod
    def inherited(cls, socket_descriptor: int, memory: int) -> "FeedEnds":
        """Take over what another process made.

        Raises:
            OSError: the descriptor is no socket.
        """
        os.set_inheritable(memory, False)
        near = socket.socket(fileno=socket_descriptor)
        near.set_inheritable(False)
        return cls(near, memory)

    def descriptors(self) -> tuple[int, int]:
        """Socket and memory for the other process, to be named in ``pass_fds`` and in its flags."""
        assert self.far is not None, "the other process made these ends"
        return self.far.fileno(), self.memory

    def handed_over(self) -> None:
        """The other process has its ends, and this one has mapped the memory: without this its end would not show."""
        if self.far is not None:
            self.far.close()
        if self.memory >= 0:
            os.close(self.memory)
            self.memory = -1

    def close(self) -> None:
        """Close everything; safe to call twice."""
        self.handed_over()
        self.near.close()
