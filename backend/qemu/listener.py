"""A listener of QEMU: one socket in the event loop, on which QEMU calls and gets its answers."""

import asyncio
import logging
import socket
from abc import ABC, abstractmethod
from collections.abc import Callable

from backend.qemu.dbus_socket import DbusSocket
from backend.qemu.dbus_wire import Kind, Message, properties_body
from backend.qemu.errors import DisplayError

log = logging.getLogger(__name__)

PROPERTIES = "org.freedesktop.DBus.Properties"


class Listener(ABC):
    """Serves one socket until it breaks or :meth:`close`; ``on_end`` is then called once, with the reason.

    QEMU waits for an answer only while it registers the listener and when the guest's mode changes: pictures and sound
    it sends and forgets, so that an event loop that is busy for some milliseconds does not hold the guest up.

    Threading: event loop only.
    """

    interfaces: tuple[str, ...] = ()
    """Further interfaces that QEMU may use; it asks for them when it registers the listener."""

    def __init__(self, name: str, sock: socket.socket, on_end: Callable[[Exception], None]) -> None:
        self._name = name
        self._socket = DbusSocket(sock)
        self._on_end = on_end
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Begin to serve; must run before QEMU is asked to register the listener, for it calls while it registers."""
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket.fileno(), self._readable)
        self._guarded(self._socket.log_in)

    def close(self) -> None:
        """Close the socket and give back what the listener holds."""
        if self._loop is not None:
            self._loop.remove_reader(self._socket.fileno())
            self._loop = None
        self._socket.close()
        self.clean_up()

    @abstractmethod
    def handle(self, message: Message) -> bool:
        """Act on one call; False where its method is unknown.

        Raises:
            DisplayError: what it says makes no sense.
        """

    @abstractmethod
    def settled(self) -> None:
        """All calls that had arrived are handled."""

    def clean_up(self) -> None:  # noqa: B027 - not every listener holds something
        """Give back what the listener holds."""

    def _readable(self) -> None:
        self._guarded(self._serve)

    def _serve(self) -> None:
        for message in self._socket.read():
            self._answer(message)
        self.settled()

    def _guarded(self, act: Callable[[], None]) -> None:
        try:
            act()
        except DisplayError as error:
            self._end(error)
        except Exception as error:  # a bug must end in a new attempt to attach, never in a listener that is deaf
            log.exception("%s failed", self._name)
            self._end(error)

    def _end(self, error: Exception) -> None:
        if self._loop is not None:
            self.close()
            self._on_end(error)

    def _answer(self, message: Message) -> None:
        if message.kind != Kind.CALL:
            return
        if message.interface == PROPERTIES:
            self._answer_properties(message)
        elif self.handle(message):
            if message.wants_reply:
                self._socket.reply(message)
        elif message.wants_reply:
            self._socket.refuse(message)

    def _answer_properties(self, message: Message) -> None:
        if message.member != "GetAll":
            self._socket.refuse(message)
            return
        # QEMU asks once for the listener itself and once for each further interface, which has no properties.
        asked = bytes(message.array_at(0)).decode(errors="replace")
        known = {} if asked in self.interfaces else {"Interfaces": list(self.interfaces)}
        self._socket.reply(message, properties_body(known), "a{sv}")
