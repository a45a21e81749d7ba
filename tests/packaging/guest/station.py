"""A yard that is played by a test: it speaks the protocol over a cable, as a guest would."""

import itertools
import socket
import time
from types import TracebackType
from typing import Any, Final, Self

from tests.packaging.guest.machine import PATIENCE_S, Machine
from tests.packaging.guest.relay import FRAME_MAX, Cable
from tests.packaging.guest.yard_protocol import Kind, Message, decode

GREETING_S: Final = 1.0
LIFE: Final = 0x77


class Station:
    """Stands at the place of a guest. While it listens it greets, so that it remains a neighbour."""

    def __init__(self, cable: Cable, guest: Cable, number: int) -> None:
        self.address = cable.address
        self.number = number
        self.heard: list[Message] = []
        """Everything for this yard or for all, in order."""
        self._guest = guest.address
        self._relay = str(cable.relay)
        self._ids = itertools.count(1)
        self._greet_at = 0.0
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        cable.guest.unlink(missing_ok=True)
        self._socket.bind(str(cable.guest))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def send(self, frame: bytes) -> None:
        """A frame, well-formed or not."""
        self._socket.sendto(frame, self._relay)

    def say(self, kind: Kind, **fields: Any) -> Message:
        """A message to the guest; without another word it is about a train that can exist."""
        train: dict[str, Any] = {"train": 42, "colour": 4, "cars": 2, "speed": 9}
        said = {"life": LIFE, "number": self.number, "to": self._guest, **train, **fields}
        message = Message(kind=kind, sender=self.address, **said)
        self.send(message.encode())
        return message

    def greet(self) -> None:
        """Tells all that it is there."""
        self.send(Message(kind=Kind.HELLO, sender=self.address, number=self.number, life=LIFE).encode())
        self._greet_at = time.monotonic() + GREETING_S

    def new_id(self) -> int:
        """For a hand-over of its own."""
        return 0xA000 + next(self._ids)

    def hear(self, kind: Kind, patience_s: float = PATIENCE_S) -> Message:
        """The next message of a kind; those before it are only noted."""
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            message = self.listen(0.1)
            if message is not None and message.kind is kind:
                return message
        raise AssertionError(f"no {kind.name} within {patience_s} s, but {self.heard[-5:]}")

    def listen(self, patience_s: float) -> Message | None:
        """The next message of any kind; None when none comes in time."""
        if time.monotonic() >= self._greet_at:
            self.greet()
        self._socket.settimeout(patience_s)
        try:
            message = decode(self._socket.recv(FRAME_MAX))
        except TimeoutError:
            return None
        self.heard.append(message)
        return message

    def hear_hellos(self, count: int) -> list[Message]:
        """As many HELLOs as asked for; what else was said meanwhile is returned with them."""
        begun = len(self.heard)
        for _hello in range(count):
            self.hear(Kind.HELLO)
        return self.heard[begun:]


def count_of(machine: Machine, letter: str) -> int:
    """How many markers of a kind there are so far."""
    return len(machine.markers(letter))


def full_speed(machine: Machine) -> None:
    """Drives the train in the picture as fast as it goes: 270 pixels a second."""
    for _step in range(6):
        machine.tap("right")
