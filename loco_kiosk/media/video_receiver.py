"""One video stream from unprotected RTP packets to decoded pictures, inline in the event loop."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from av.video.frame import VideoFrame

from backend.contract.control import VIDEO_CLOCK_HZ
from loco_kiosk.media import depacketizer, packet
from loco_kiosk.media.decoder import Decoder
from loco_kiosk.media.errors import PayloadError
from loco_kiosk.media.key_frame_gate import KeyFrameGate
from loco_kiosk.media.nack import NackTimer
from loco_kiosk.media.packet import Packet
from loco_kiosk.media.receive_statistics import ReceiveStatistics
from loco_kiosk.media.reorder import FrameBuffer

_REPAIR_TICK_S = 0.0025
EARLY_US = 120_000
"""After so long a hole a key frame is asked for besides, and whichever comes first goes on: a person sees 250 ms."""
_GATE_TICK_S = 0.1


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture; times are microseconds of this machine's monotonic clock."""

    frame: VideoFrame
    rtp_timestamp: int
    received_us: int
    decoded_us: int
    losses: int
    """How often pictures were given up before this one, since the connection began."""


class Feedback(Protocol):
    """What a receiver asks of its sender."""

    def request_packets(self, ssrc: int, sequences: Sequence[int]) -> None:
        """Send a generic NACK."""

    def request_key_frame(self, ssrc: int) -> None:
        """Send a picture loss indication."""


class VideoReceiver:
    """Orders, repairs and decodes. Threading: one event loop, without await between datagram and picture."""

    def __init__(
        self, feedback: Feedback, on_picture: Callable[[Picture], None], *, decoder_device: str | None = None
    ) -> None:
        self.statistics = ReceiveStatistics(VIDEO_CLOCK_HZ)
        self.drops: Counter[str] = Counter()
        self.pictures = 0
        self.decode_us = 0
        """Sum over all pictures, with joining the packets."""
        self.repair_octets = 0
        """Of packets that were sent again."""
        self.newest_timestamp: int | None = None
        """Of the newest decoded picture."""
        self._feedback = feedback
        self._on_picture = on_picture
        self._buffer = FrameBuffer()
        self._nack = NackTimer(self._buffer)
        self._decoder = Decoder(decoder_device)
        self._gate = KeyFrameGate(_now_us())
        self._retransmission_types: frozenset[int] = frozenset()
        self._resyncs = 0
        self._impatient = False
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def repairing(self) -> bool:
        """True while packets or a key frame are missing."""
        return self._gate.closed or self._nack.active

    def start(self, retransmission_types: frozenset[int]) -> None:
        """Media may come from now on; one RTX payload type is negotiated for each codec (RFC 4588, section 8.6)."""
        self._retransmission_types = retransmission_types
        self._gate = KeyFrameGate(_now_us())
        self._schedule()

    def received(self, data: bytes) -> None:
        """Take one unprotected RTP packet."""
        now_us = _now_us()
        try:
            item = self._original(packet.parse(data), now_us)
        except PayloadError:
            self.drops["malformed packet"] += 1
            return
        if not item.payload:
            return
        self._nack.arrived()
        self._gate.hear(now_us)
        for frame in self._buffer.add(item, now_us):
            self._decode(frame, now_us)
        if self._impatient and item.marker:
            self._skip(now_us)
        if self._buffer.resyncs != self._resyncs:
            self._resyncs = self._buffer.resyncs
            self._gate.lose(now_us)
        if self._nack.active or self._gate.closed:
            self._repair(now_us)

    def set_round_trip(self, round_trip_us: int) -> None:
        """No answer to a request is here any sooner."""
        self._nack.round_trip_us = round_trip_us

    def expect(self, rtp_timestamp: int) -> None:
        """The sender says that a picture of this time stamp has left; ask for it where it has not come."""
        newest = self.newest_timestamp
        if newest is None or packet.timestamp_difference(rtp_timestamp, newest) > 0:
            self._nack.expect_more()
            self._schedule()

    def request_key_frame(self) -> None:
        """Give the stream up as it stands, and ask for a new start."""
        self._gate.lose(_now_us())
        self._repair(_now_us())

    def close(self) -> None:
        """Stop the timer; no packet may come after this."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def losses(self) -> dict[str, int]:
        """What was dropped so far, by cause."""
        buffer = self._buffer
        counts = {
            "lost packet": buffer.lost,
            "late packet": buffer.late,
            "duplicate packet": buffer.duplicates,
            "undecodable picture": self._decoder.errors,
            "stream restart": buffer.resyncs,
            **self.drops,
        }
        return {cause: count for cause, count in counts.items() if count}

    def _original(self, item: Packet, now_us: int) -> Packet:
        if item.payload_type in self._retransmission_types:
            self.repair_octets += len(item.payload)
            return packet.unwrap_retransmission(item, 0, self._buffer.ssrc)
        self.statistics.add(item.ssrc, item.sequence, item.timestamp, len(item.payload), now_us)
        if self._nack.active:
            self._nack.original(item.sequence, now_us)
        return item

    def _decode(self, frame: list[Packet], now_us: int) -> None:
        if self._gate.closed and not depacketizer.begins_key_frame(frame[0].payload):
            self.drops["picture before key frame"] += 1
            self._gate.lose(now_us)
            return
        started_us = _now_us()
        picture = self._decoded(frame)
        if picture is None:
            self._gate.lose(now_us)
            return
        self._gate.open()
        decoded_us = _now_us()
        self.pictures += 1
        self.decode_us += decoded_us - started_us
        self.newest_timestamp = frame[0].timestamp
        self._on_picture(Picture(picture, frame[0].timestamp, now_us, decoded_us, self._gate.losses))

    def _decoded(self, frame: list[Packet]) -> VideoFrame | None:
        try:
            return self._decoder.decode(depacketizer.join(item.payload for item in frame))
        except PayloadError:
            self.drops["malformed picture"] += 1
            return None

    def _skip(self, now_us: int) -> None:
        """Leave the hole behind where a key frame stands after it."""
        self._impatient = self._buffer.hole_since_us is not None
        if self._impatient and (frames := self._buffer.skip_to(depacketizer.begins_key_frame)):
            self._impatient = False
            self._gate.lose(now_us)
            for frame in frames:
                self._decode(frame, now_us)

    def _repair(self, now_us: int) -> None:
        hole_since_us = self._buffer.hole_since_us
        if hole_since_us is not None and not self._impatient and now_us - hole_since_us >= EARLY_US:
            self._impatient = True
            self._feedback.request_key_frame(self._buffer.ssrc)
        if self._buffer.should_give_up(now_us):
            self._buffer.give_up()
            self._impatient = False
            self._gate.lose(now_us)
        if wanted := self._nack.due(now_us):
            self._feedback.request_packets(self._buffer.ssrc, wanted)
        if self._gate.due(now_us):
            self._feedback.request_key_frame(self._buffer.ssrc)
        self._schedule()

    def _schedule(self) -> None:
        if self._timer is not None:
            return
        if self._nack.active:
            self._timer = self._loop.call_later(_REPAIR_TICK_S, self._tick)
        elif self._gate.closed:
            self._timer = self._loop.call_later(_GATE_TICK_S, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self._repair(_now_us())


def _now_us() -> int:
    return time.monotonic_ns() // 1000
