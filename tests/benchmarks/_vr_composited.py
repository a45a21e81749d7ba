"""What Monado says about its own work: the file that it writes where ``XRT_METRICS_FILE`` names one.

Length-prefixed protobuf records (``monado_metrics.proto`` of Monado): only numbers are read, by field number.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.vr.monado import Monado, running

SYSTEM_FRAME = 4
"""Record: one frame was composited."""


class Compositor:
    """A composited Monado whose work is counted."""

    def __init__(self, service: Monado, metrics: Path) -> None:
        self.service = service
        self._metrics = metrics

    def frames_between(self, began_s: float, ended_s: float) -> int:
        """How many it drew in a stretch of monotonic time."""
        drawn = {
            fields[1]
            for kind, fields in _records(self._metrics.read_bytes())
            if kind == SYSTEM_FRAME and began_s <= fields[2] / 1e9 < ended_s
        }
        return len(drawn)


@contextmanager
def compositor(size_px: tuple[int, int], **settings: str) -> Iterator[Compositor]:
    """Run it; ``settings`` are variables of its environment."""
    with tempfile.NamedTemporaryFile(prefix="loco-xr-metrics-") as file:
        metrics = Path(file.name)
        metrics.chmod(0o666)  # the service is another user where we are root
        environment = {"XRT_METRICS_FILE": str(metrics), "XRT_METRICS_EARLY_FLUSH": "1", **settings}
        with running(size_px=size_px, environment=environment) as service:
            yield Compositor(service, metrics)


def _records(data: bytes) -> Iterator[tuple[int, Mapping[int, int]]]:
    at = 0
    while at < len(data):
        size, at = _varint(data, at)
        if at + size > len(data):
            return  # is being written
        key, body = _varint(data, at)
        length, body = _varint(data, body)
        yield key >> 3, dict(_numbers(data[body : body + length]))
        at += size


def _numbers(data: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        value, at = _varint(data, at)  # these records hold nothing but numbers
        yield key >> 3, value


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    return value, at
