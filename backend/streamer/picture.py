"""One encoded picture, the unit that the fan-out hands to every viewer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """RTP payloads of one access unit, the same for all viewers."""

    payloads: tuple[bytes, ...]
    rtp_timestamp: int
    changed_us: int
    """When the newest change in it was captured; before the time stamp's in a picture that repeats the last one."""
    key: bool
    """Can be decoded without any earlier picture."""

    @property
    def size_bytes(self) -> int:
        """Sum of the payloads."""
        return sum(map(len, self.payloads))
