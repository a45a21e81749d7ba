"""A listener of QEMU: its own thread around one socket, so that QEMU, which waits for each answer, never waits long."""

import logging
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable

from backend.qemu.dbus_socket import DbusSocket
from backend.qemu.dbus_wire import Kind, Message, properties_body
from backend.qemu.errors import DisplayError

log = logging.getLogger(__name__)

PROPERTIES = "org.freedesktop.DBus.Properties"


class Listener(ABC):
    """Serves one socket until it breaks or :meth:`close`.

    Threading: :meth:`handle` runs in the listener's own thread; ``on_end`` is called there too, once, with the reason.
    """

    interfaces: tuple[str, ...] = ()
    """Further interfaces that QEMU may use; it asks for them when it registers the listener."""

    def __init__(self, name: str, sock: socket.socket, on_end: Callable[[Exception], None]) -> None:
        self._socket = DbusSocket(sock)
        self._on_end = on_end
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to serve; must run before QEMU is asked to register the listener, for it calls while it registers."""
        self._thread.start()

    def close(self) -> None:
        """End the thread and the socket; waits for the thread, which is never long inside a call."""
        self._socket.interrupt()
        self._thread.join(timeout=1.0)

    @abstractmethod
    def handle(self, message: Message) -> bool:
        """Act on one call; False where its method is unknown.

        Raises:
            DisplayError: what it says makes no sense.
        """

    def clean_up(self) -> None:  # noqa: B027 - not every listener holds something
        """Give back what the listener holds; runs last in its thread."""

    def _run(self) -> None:
        try:
            with self._socket:
                self._socket.authenticate()
                while True:
                    self._answer(self._socket.receive())
        except DisplayError as error:
            self._on_end(error)
        except Exception as error:  # a bug must end in a new attempt to attach, never in a thread that died unseen
            log.exception("%s failed", self._thread.name)
            self._on_end(error)
        finally:
            self.clean_up()

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
