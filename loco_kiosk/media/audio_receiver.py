"""One audio stream from unprotected RTP packets to PCM, inline in the event loop (Opus: RFC 6716, RFC 7587)."""

import time
from collections import Counter
from collections.abc import Callable

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame

from loco_kiosk.media import packet
from loco_kiosk.media.errors import PayloadError
from loco_kiosk.media.packet import Packet, nearest_sequence, timestamp_difference
from loco_kiosk.media.receive_statistics import ReceiveStatistics
from loco_kiosk.media.splice import Pcm, faded_in, patch

__all__ = ["SAMPLE_RATE_HZ", "AudioReceiver", "Pcm"]

SAMPLE_RATE_HZ = 48_000
_MAX_PATIENCE = 3
"""Packets that may wait behind a hole: 60 ms, as long as the mixer's buffer can bridge. Audio is not sent again."""
_CALM_PACKETS = 500
"""So long after the last packet that was merely late, holes are taken for losses at once again."""
_MAX_PATCH = 120 * SAMPLE_RATE_HZ // 1000
"""A longer hole is heard as silence."""


class AudioReceiver:
    """Orders, decodes, patches holes. ``on_sound(pcm, continuous)``: not continuous after silence, which is not sent.

    A packet waits behind a hole only while the way is known to bring packets out of order.
    """

    def __init__(self, on_sound: Callable[[Pcm, bool], None]) -> None:
        self.statistics = ReceiveStatistics(SAMPLE_RATE_HZ)
        self.drops: Counter[str] = Counter()
        self._on_sound = on_sound
        self._codec = _open()
        self._ssrc: int | None = None
        self._next = 0
        self._next_timestamp = 0
        self._held: dict[int, Packet] = {}
        self._patience = self._calm = 0
        self._lost = False
        self._before: Pcm | None = None

    def received(self, data: bytes) -> None:
        """Take one unprotected RTP packet."""
        try:
            item = packet.parse(data)
        except PayloadError:
            self.drops["malformed packet"] += 1
            return
        now_us = time.monotonic_ns() // 1000
        self.statistics.add(item.ssrc, item.sequence, item.timestamp, len(item.payload), now_us)
        if item.ssrc != self._ssrc:
            self._start(item)
        number = nearest_sequence(item.sequence, self._next)
        if number < self._next:
            self._be_patient()
            return
        self._held[number] = item
        if number > self._next and len(self._held) > self._patience:
            oldest = min(self._held)
            self._lost = True
            self.drops["lost packet"] += oldest - self._next
            self._next = oldest
        self._release()
        self._calm += 1
        if self._calm >= _CALM_PACKETS:
            self._patience = self._calm = 0

    def _start(self, item: Packet) -> None:
        self._ssrc = item.ssrc
        self._next = item.sequence
        self._held.clear()
        self._before, self._lost = None, False
        self._codec = _open()

    def _be_patient(self) -> None:
        self.drops["late packet"] += 1
        self._patience, self._calm = min(_MAX_PATIENCE, self._patience + 1), 0

    def _release(self) -> None:
        while (item := self._held.pop(self._next, None)) is not None:
            self._next += 1
            self._decode(item)

    def _decode(self, item: Packet) -> None:
        if not item.payload:
            return
        try:
            frames = self._codec.decode(av.Packet(item.payload))
        except av.FFmpegError:
            self.drops["undecodable packet"] += 1
            return
        at = item.timestamp
        for frame in frames:
            self._play(_pcm(frame), at)
            at = (at + frame.samples) & 0xFFFF_FFFF
        self._lost = False

    def _play(self, pcm: Pcm, timestamp: int) -> None:
        before, gap = self._before, timestamp_difference(timestamp, self._next_timestamp)
        if before is not None and self._lost and 0 < gap <= _MAX_PATCH:
            self._on_sound(patch(before, gap), True)
            pcm, gap = faded_in(pcm), 0
        self._before, self._next_timestamp = pcm, (timestamp + len(pcm)) & 0xFFFF_FFFF
        self._on_sound(pcm, before is not None and gap == 0)


def _open() -> AudioCodecContext:
    # FFmpeg's own decoder is a little quicker, but gives float planes, which cost more to interleave than it saves.
    codec = av.CodecContext.create("libopus", "r")
    assert isinstance(codec, AudioCodecContext)
    codec.sample_rate = SAMPLE_RATE_HZ
    codec.layout = "stereo"
    codec.thread_count = 1
    return codec


def _pcm(frame: AudioFrame) -> Pcm:
    return np.frombuffer(memoryview(frame.planes[0]), np.int16, frame.samples * 2).reshape(-1, 2)
