"""Packets in, whole pictures out: order, holes and the moment to give up. Pure; time enters as a parameter.

A picture is released as soon as its last packet, the one with the marker bit (RFC 6184, section 5.1), has no hole
before it; not, as most buffers do, with the first packet of the next picture, which on a still screen never comes.
"""

from collections.abc import Callable

from loco_kiosk.media.packet import Packet, nearest_sequence

GIVE_UP_US = 250_000
"""A hole older than this will not be filled any more: several round trips, and less than a person calls frozen."""
MAX_PENDING = 400
"""Packets that may wait behind a hole: about 3 s of a busy stream, or four key frames."""
_MAX_JUMP = 3_000
"""A sequence number further ahead is another stream, not a gap (RFC 3550, appendix A.1: MAX_DROPOUT)."""


class FrameBuffer:
    """Orders the packets of one video stream and releases its pictures."""

    def __init__(self) -> None:
        self.duplicates = 0
        self.late = 0
        self.lost = 0
        """Packets given up."""
        self.resyncs = 0
        """Starts with another source or sequence."""
        self._ssrc: int | None = None
        self._next = 0
        self._newest = 0
        self._run: list[Packet] = []
        self._pending: dict[int, Packet] = {}
        self._hole_since_us = 0
        self._last_packet_us = 0
        self._jumped: Packet | None = None

    @property
    def ssrc(self) -> int:
        """Source of the stream; 0 before the first packet."""
        return self._ssrc or 0

    @property
    def unfinished_since_us(self) -> int | None:
        """When the last packet of a picture without marker came; None when no picture is begun, or a hole is known."""
        return self._last_packet_us if self._run and not self._pending else None

    @property
    def hole_since_us(self) -> int | None:
        """Since when the oldest hole blocks the stream; None without a hole."""
        return self._hole_since_us if self._pending else None

    @property
    def after_newest(self) -> int:
        """Sequence number that a packet lost at the end would have."""
        return (self._newest + 1) & 0xFFFF

    def missing(self, limit: int = 100) -> list[int]:
        """Sequence numbers of the holes, oldest first, at most ``limit`` of them."""
        if not self._pending:
            return []
        holes = (number for number in range(self._next, self._newest) if number not in self._pending)
        return [number & 0xFFFF for number, _ in zip(holes, range(limit), strict=False)]

    def add(self, packet: Packet, now_us: int) -> list[list[Packet]]:
        """Take a packet; return the pictures that it completes, in order."""
        if packet.ssrc != self._ssrc:
            self._start(packet)
        number = nearest_sequence(packet.sequence, self._next)
        if abs(number - self._next) > _MAX_JUMP:
            if not self._is_second_jump(packet):
                return []
            self._start(packet)
            number = packet.sequence
        self._jumped = None
        self._last_packet_us = now_us
        if number < self._next:
            self.late += 1
            return []
        if number > self._next:
            self._wait(number, packet, now_us)
            return []
        self._newest = max(self._newest, number)
        return self._advance(packet, now_us)

    def should_give_up(self, now_us: int) -> bool:
        """True when the oldest hole, or the end of a begun picture, will not come any more."""
        since_us = self.hole_since_us or self.unfinished_since_us
        return len(self._pending) > MAX_PENDING or (since_us is not None and now_us - since_us >= GIVE_UP_US)

    def skip_to(self, begins: Callable[[bytes], bool]) -> list[list[Packet]]:
        """Go on behind the hole with the first whole picture there whose payload ``begins`` accepts, and what follows.

        Returns the pictures that are complete then; none where there is no such picture.
        """
        for number in sorted(self._pending):
            if begins(self._pending[number].payload) and self._whole_from(number):
                before = [waiting for waiting in self._pending if waiting < number]
                self.lost += number - self._next - len(before)
                for waiting in before:
                    del self._pending[waiting]
                self._run, self._next = [], number
                first = self._pending.pop(number)
                return self._advance(first, self._hole_since_us)
        return []

    def give_up(self) -> None:
        """Forget everything unfinished and go on after the newest packet; the next whole picture needs a key frame."""
        self.lost += self._newest + 1 - self._next - len(self._pending)
        self._run = []
        self._pending.clear()
        self._next = self._newest + 1

    def _whole_from(self, number: int) -> bool:
        timestamp = self._pending[number].timestamp
        while (packet := self._pending.get(number)) is not None and packet.timestamp == timestamp:
            if packet.marker:
                return True
            number += 1
        return False

    def _start(self, packet: Packet) -> None:
        if self._ssrc is not None:
            self.resyncs += 1
        self._ssrc = packet.ssrc
        self._next = self._newest = packet.sequence
        self._run = []
        self._pending.clear()

    def _is_second_jump(self, packet: Packet) -> bool:
        """One stray number proves nothing; two in a row are a new sequence (RFC 3550, appendix A.1)."""
        before, self._jumped = self._jumped, packet
        return before is not None and (before.sequence + 1) & 0xFFFF == packet.sequence

    def _wait(self, number: int, packet: Packet, now_us: int) -> None:
        if number in self._pending:
            self.duplicates += 1
            return
        if not self._pending:
            self._hole_since_us = now_us
        self._pending[number] = packet
        self._newest = max(self._newest, number)

    def _advance(self, packet: Packet, now_us: int) -> list[list[Packet]]:
        frames: list[list[Packet]] = []
        current: Packet | None = packet
        while current is not None:
            self._append(current, frames)
            self._next += 1
            current = self._pending.pop(self._next, None) if self._pending else None
        if self._pending:
            self._hole_since_us = now_us
        return frames

    def _append(self, packet: Packet, frames: list[list[Packet]]) -> None:
        if self._run and self._run[0].timestamp != packet.timestamp:
            frames.append(self._run)  # the sender set no marker
            self._run = []
        self._run.append(packet)
        if packet.marker:
            frames.append(self._run)
            self._run = []
