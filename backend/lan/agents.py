"""Takes in the port agents of other pods or machines (:mod:`backend.lan.agent`)."""

import logging

from backend.contract.errors import LocoError, SettingsError
from backend.contract.tasks import TaskScope
from backend.lan.connection import Connection
from backend.lan.errors import HandshakeError
from backend.lan.handshake import Dialogue, accept, receive, refuse
from backend.lan.switch import Switch

log = logging.getLogger(__name__)

MAX_STRANGERS = 64
"""Connections that have not said yet who they are; more are closed at once."""


class Agents:
    """Hands each agent's connection to the port of its instance."""

    def __init__(self, switch: Switch, token: str, tasks: TaskScope) -> None:
        self._switch = switch
        self._token = token
        self._tasks = tasks
        self._strangers = 0

    def accepted(self, connection: Connection) -> None:
        """For :func:`backend.lan.streams.listen`."""
        if self._strangers >= MAX_STRANGERS:
            self._switch.refused["agent"] += 1
            connection.abort()
            return
        self._tasks.spawn(self._serve(connection), "a port agent")

    async def _serve(self, connection: Connection) -> None:
        dialogue = Dialogue(connection)
        self._strangers += 1
        try:
            wish = await receive(dialogue, site=self._switch.site, switch=self._switch.id, token=self._token)
            if wish.kind != "port":
                raise HandshakeError("This address is for port agents; links to other sites have one of their own.")
            port = self._switch.stream_port(_checked(wish.name))
        except LocoError as error:
            self._switch.refused["agent"] += 1
            log.warning("%s is refused: %s", connection.peer, error)
            refuse(dialogue, error)
            return
        finally:
            self._strangers -= 1
        accept(dialogue)
        await port.serve(connection)


def _checked(name: str) -> str:
    """A name that may stand in logs, labels and documents."""
    if not 0 < len(name) <= 63 or not all(
        letter.isascii() and (letter.isalnum() or letter in "-_.") for letter in name
    ):
        raise SettingsError(f"{name!r:.60} is no name of an instance.")
    return name
