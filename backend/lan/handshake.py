"""The first messages between a switch and who connects to it: a port agent, or another switch.

Each message is a JSON object, framed as Ethernet frames are. The switch begins and says who it is, with a nonce; the
other says what it wants, with a proof that it knows the secret; the switch answers ``{"ok": true}`` or with an error in
words. After that all messages are Ethernet frames.
"""

import asyncio
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from backend.contract.errors import WireError
from backend.contract.reading import boolean, json_object, string
from backend.contract.version import PROTOCOL_VERSION, require_version
from backend.lan.connection import Connection
from backend.lan.errors import HandshakeError

TIMEOUT_S = 5.0
_LONGEST_BYTES = 2048
_MESSAGES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """What a switch says of itself."""

    site: str
    switch: str
    """Differs with each start of each switch."""
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the other wants."""

    kind: str
    """``port`` or ``link``."""
    name: str
    """Of the instance, or of the room to be linked."""
    site: str = ""
    switch: str = ""
    dial: str = ""
    """Which of its settings makes a switch connect."""
    proof: str = ""


def proof(token: str, nonce: str, name: str) -> str:
    """Shows that one knows ``token``, for this nonce and name alone."""
    return hmac.new(token.encode(), f"{nonce}\n{name}".encode(), hashlib.sha256).hexdigest()


class Dialogue:
    """Waits for messages of one connection, until it is handed over to a port."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._messages: asyncio.Queue[bytes | None] = asyncio.Queue()
        connection.on_frame = self._take
        connection.ended.add_done_callback(lambda _: self._messages.put_nowait(None))

    def say(self, message: Mapping[str, Any]) -> None:
        """Send one message."""
        self.connection.send(json.dumps(message).encode())

    async def hear(self) -> dict[str, Any]:
        """The next message.

        Raises:
            HandshakeError: none came in time, or it is no message.
        """
        try:
            async with asyncio.timeout(TIMEOUT_S):
                message = await self._messages.get()
        except TimeoutError as error:
            raise HandshakeError(f"The other end said nothing for {TIMEOUT_S:.0f} s.") from error
        if message is None:
            raise HandshakeError("The other end closed the connection before it said what it wants.")
        try:
            return json_object(message, "A first message")
        except WireError as error:
            raise HandshakeError(str(error)) from error

    def _take(self, message: bytes) -> None:
        # Frames may follow the last message before a port takes over; Ethernet may lose them.
        if self._messages.qsize() < _MESSAGES:
            self._messages.put_nowait(message[:_LONGEST_BYTES])


async def receive(dialogue: Dialogue, *, site: str, switch: str, token: str) -> Wish:
    """The switch's side, up to the wish; the caller then says :func:`accept` or :func:`refuse`.

    Raises:
        HandshakeError: the other end is none of ours, too old or new, or does not know the secret.
    """
    nonce = secrets.token_hex(16)
    dialogue.say({"version": PROTOCOL_VERSION, "site": site, "switch": switch, "nonce": nonce})
    data = await dialogue.hear()
    try:
        require_version(data.get("version"), "other end")
        wish = Wish(**{each.name: string(data, each.name, "") for each in fields(Wish)})
    except WireError as error:
        raise HandshakeError(str(error)) from error
    if token and not hmac.compare_digest(wish.proof.encode(), proof(token, nonce, wish.name).encode()):
        raise HandshakeError(f"{wish.name!r:.60} does not know the secret: set the same 'token' at both ends.")
    return wish


def accept(dialogue: Dialogue) -> None:
    """Grant the wish: frames may follow."""
    dialogue.say({"ok": True})


def refuse(dialogue: Dialogue, error: Exception) -> None:
    """Tell why not, and close."""
    dialogue.say({"ok": False, "error": str(error)})
    dialogue.connection.close()


async def introduce(dialogue: Dialogue, wish: Wish, *, token: str = "") -> Greeting:
    """The side that connects: frames may follow.

    Raises:
        HandshakeError: the switch refuses, or it is none.
    """
    data = await dialogue.hear()
    try:
        require_version(data.get("version"), "switch")
        greeting = Greeting(**{each.name: string(data, each.name) for each in fields(Greeting)})
        own_proof = proof(token, greeting.nonce, wish.name) if token else ""
        dialogue.say({"version": PROTOCOL_VERSION, **asdict(wish), "proof": own_proof})
        answer = await dialogue.hear()
        if not boolean(answer, "ok"):
            raise HandshakeError(f"The switch refuses: {string(answer, 'error', 'it does not say why')}")
    except WireError as error:
        raise HandshakeError(str(error)) from error
    return greeting
