"""Sockets that notice when the other side is gone."""

import socket
from typing import Any

_KEEPALIVE = (
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 3),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3),
)
SILENCE_MS = 6000
"""A watch is silent for minutes. A connection whose packets are dropped is dead after 6 s at most, or events that the
others already see would be missed; nothing is lost where that was too early, as a watch goes on from its version."""
_USER_TIMEOUT = getattr(socket, "TCP_USER_TIMEOUT", None)
"""Linux; elsewhere unanswered data is given up only by the keepalives."""


def api_socket(address: tuple[Any, ...]) -> socket.socket:
    """A socket for one of the addresses that ``getaddrinfo`` found, for aiohttp's ``socket_factory``."""
    family, kind, protocol = address[:3]
    made = socket.socket(family, kind, protocol)
    for level, option, value in _KEEPALIVE:
        made.setsockopt(level, option, value)
    if _USER_TIMEOUT is not None:
        made.setsockopt(socket.IPPROTO_TCP, _USER_TIMEOUT, SILENCE_MS)
    return made
