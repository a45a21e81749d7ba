"""One encoded picture, the unit that the fan-out hands to every viewer."""

from dataclasses import dataclass
from functools import cached_property

from backend.streamer.packetizer import LARGE_PAYLOAD_BYTES, MAX_PAYLOAD_BYTES, packetize


@dataclass(frozen=True)
class Picture:
    """One access unit, packetised once for all viewers who take packets of the same size."""

    access_unit: bytes
    rtp_timestamp: int
    changed_us: int
    """When the newest change in it was captured; before the time stamp's in a picture that repeats the last one."""
    key: bool
    """Can be decoded without any earlier picture."""

    @property
    def size_bytes(self) -> int:
        """Length of the access unit."""
        return len(self.access_unit)

    @cached_property
    def payloads(self) -> tuple[bytes, ...]:
        """RTP payloads that every path carries."""
        return tuple(packetize(self.access_unit, MAX_PAYLOAD_BYTES))

    @cached_property
    def large_payloads(self) -> tuple[bytes, ...]:
        """RTP payloads for a viewer on this machine who takes them."""
        return tuple(packetize(self.access_unit, LARGE_PAYLOAD_BYTES))
