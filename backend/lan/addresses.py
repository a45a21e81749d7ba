"""Where to listen and to connect: HOST:PORT or the path of a unix socket. Pure, but for making the listening socket."""

import contextlib
import os
import socket
import stat
from dataclasses import dataclass
from pathlib import Path

from backend.contract.errors import SettingsError
from backend.lan.errors import ListenError


@dataclass(frozen=True, slots=True)
class Address:
    """A unix socket where ``path`` is given, else TCP."""

    host: str = ""
    port: int = 0
    path: str = ""

    def __str__(self) -> str:
        return self.path or (f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}")


def read_address(text: str, setting: str) -> Address:
    """Read what an operator wrote: with a slash it is a path.

    Raises:
        SettingsError: it is neither a path nor a host and a port.
    """
    if "/" in text:
        return Address(path=text)
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isascii() or not port.isdigit() or int(port) > 65_535:
        raise SettingsError(
            f"'{setting}' must be an address and a port, such as 127.0.0.1:8490, or the path of a unix socket with a "
            f"slash, not {text!r}."
        )
    return Address(host=host.strip("[]"), port=int(port))


def listening_socket(address: Address, setting: str) -> socket.socket:
    """A socket that listens there.

    Raises:
        ListenError: the address is taken, or not of this machine.
    """
    try:
        if not address.path:
            family = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0][0]
            return socket.create_server((address.host, address.port), family=family, backlog=128)
        return _unix_listener(address.path)
    except OSError as error:
        raise ListenError(
            f"Cannot listen on {address}: {error.strerror or error}. Write another address for '{setting}'."
        ) from error


def _unix_listener(path: str) -> socket.socket:
    """In place of one that a killed program left, but never of another kind of file."""
    with contextlib.suppress(FileNotFoundError):
        if stat.S_ISSOCK(os.stat(path).st_mode):
            Path(path).unlink()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(path)
        listener.listen(16)
    except OSError:
        listener.close()
        raise
    return listener
