"""The three data channels of one viewer: checked, limited and counted before anything else sees a message."""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Final

from aiortc import RTCDataChannel

from backend.contract.control import (
    CONTROL_CHANNEL,
    KEYS_CHANNEL,
    MAX_MESSAGE_BYTES,
    POINTER_CHANNEL,
    ToStreamer,
    ToViewer,
)
from backend.contract.control_json import to_streamer_from_json, to_viewer_json
from backend.contract.errors import VersionError, WireError
from backend.contract.input import Button, InputMessage, Key, MoveBy, MoveTo, decode
from backend.contract.token_bucket import TokenBucket
from backend.streamer.counters import Drops

log = logging.getLogger(__name__)

_LIMITS: Final = {KEYS_CHANNEL: (200.0, 400.0), POINTER_CHANNEL: (500.0, 500.0), CONTROL_CHANNEL: (50.0, 100.0)}
"""Messages a second and burst: far above what hands do, far below what hurts the guest."""
_MAX_BACKLOG_BYTES = 256 * 1024


class DataChannels:
    """Channels of one viewer.

    Args:
        on_control, on_input: get every valid message.
        on_refused: gets the words when the viewer speaks another protocol version.
        drops: counts what was refused.
    """

    def __init__(
        self,
        *,
        on_control: Callable[[ToStreamer], None],
        on_input: Callable[[InputMessage], None],
        on_refused: Callable[[str], None],
        drops: Drops,
    ) -> None:
        self._on_control = on_control
        self._on_input = on_input
        self._on_refused = on_refused
        self._drops = drops
        self._control: RTCDataChannel | None = None
        self._buckets = {label: TokenBucket(*limit) for label, limit in _LIMITS.items()}
        self._warned = False

    def attach(self, channel: RTCDataChannel) -> None:
        """A channel that the viewer opened."""
        if channel.label not in _LIMITS:
            self._drops.count("unknown_channel")
            channel.close()
            return
        if channel.label == CONTROL_CHANNEL:
            self._control = channel

        def receive(message: str | bytes) -> None:
            self.receive(channel.label, message)

        channel.on("message", receive)

    def send(self, message: ToViewer) -> None:
        """Tell the viewer; dropped and counted when it does not listen."""
        self._send_json(to_viewer_json(message))

    def refuse(self, reason: str) -> None:
        """Tell the viewer in words why it is being disconnected."""
        self._send_json({"type": "session/refused", "reason": reason})

    def receive(self, label: str, message: str | bytes) -> None:
        """One message as it came from the network."""
        if len(message) > MAX_MESSAGE_BYTES:
            self._reject("message_too_long", f"{label}: {len(message)} bytes are more than {MAX_MESSAGE_BYTES}")
            return
        try:
            if label == CONTROL_CHANNEL:
                self._receive_control(message)
            else:
                self._receive_input(label, message)
        except VersionError as error:
            self._drops.count("wrong_version")
            self._on_refused(str(error))
        except WireError as error:
            self._reject("malformed_message", f"{label}: {error}")

    def _receive_control(self, message: str | bytes) -> None:
        if not self._allowed(CONTROL_CHANNEL):
            return
        control = to_streamer_from_json(message)
        if control is None:
            self._drops.count("unknown_message")
        else:
            self._on_control(control)

    def _receive_input(self, label: str, message: str | bytes) -> None:
        if isinstance(message, str):
            raise WireError("input messages are binary.")
        content = decode(message)
        if content is None:
            self._drops.count("unknown_message")
        elif isinstance(content, MoveTo | MoveBy) is not (label == POINTER_CHANNEL):
            raise WireError(f"a {type(content).__name__} does not belong on this channel.")
        # A release always passes: the ledger lets it through only for a key that is held.
        elif (isinstance(content, Key | Button) and not content.down) or self._allowed(label):
            self._on_input(content)

    def _allowed(self, label: str) -> bool:
        if self._buckets[label].take(asyncio.get_running_loop().time()):
            return True
        self._drops.count("too_many_messages")
        return False

    def _reject(self, cause: str, words: str) -> None:
        self._drops.count(cause)
        if not self._warned:
            self._warned = True
            log.warning("A viewer sent a message that was refused (further ones are only counted): %s", words)

    def _send_json(self, message: dict[str, object]) -> None:
        channel = self._control
        if channel is None or channel.readyState != "open":
            return
        if channel.bufferedAmount > _MAX_BACKLOG_BYTES:
            self._drops.count("control_backlog")
            return
        channel.send(json.dumps(message, separators=(",", ":")))
