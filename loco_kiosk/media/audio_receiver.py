"""One audio stream from unprotected RTP packets to PCM, inline in the event loop (Opus: RFC 6716, RFC 7587)."""

import time
from collections import Counter
from collections.abc import Callable

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from loco_kiosk.media import packet
from loco_kiosk.media.errors import PayloadError
from loco_kiosk.media.packet import Packet, nearest_sequence, timestamp_difference
from loco_kiosk.media.receive_statistics import ReceiveStatistics

SAMPLE_RATE_HZ = 48_000
_MAX_HELD = 3
"""Packets that wait behind a hole: 60 ms, as long as the mixer's buffer can bridge. Audio is not sent again."""

Pcm = NDArray[np.int16]
"""Shape (n, 2), 48 kHz."""


class AudioReceiver:
    """Orders and decodes. ``on_sound(pcm, continuous)``: not continuous after silence, which is not sent, or a loss."""

    def __init__(self, on_sound: Callable[[Pcm, bool], None]) -> None:
        self.statistics = ReceiveStatistics(SAMPLE_RATE_HZ)
        self.drops: Counter[str] = Counter()
        self._on_sound = on_sound
        self._codec = _open()
        self._ssrc: int | None = None
        self._next = 0
        self._next_timestamp: int | None = None
        self._held: dict[int, Packet] = {}

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
            self.drops["late packet"] += 1
            return
        self._held[number] = item
        if number > self._next and len(self._held) > _MAX_HELD:
            oldest = min(self._held)
            self.drops["lost packet"] += oldest - self._next
            self._next = oldest
        self._release()

    def _start(self, item: Packet) -> None:
        self._ssrc = item.ssrc
        self._next = item.sequence
        self._next_timestamp = None
        self._held.clear()
        self._codec = _open()

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
            continuous = self._next_timestamp is not None and timestamp_difference(at, self._next_timestamp) == 0
            at = (at + frame.samples) & 0xFFFF_FFFF
            self._next_timestamp = at
            self._on_sound(_pcm(frame), continuous)


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
