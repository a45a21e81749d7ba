"""Whether this machine has the memory for the guests."""

import re
from collections.abc import Sequence
from pathlib import Path

from backend.local.errors import MemoryShortError

EMULATOR_MIB = 50
"""QEMU itself, beside the memory of its guest; its share of pages with 32 MiB of guest was 40 to 47 MiB in all."""
STREAMER_MIB = 45
"""One streamer, forked off the nursery, with a viewer at 640x480; its share of pages was 36 MiB."""


def require_memory(guest_mib: Sequence[int], meminfo: Path = Path("/proc/meminfo")) -> None:
    """Check that all guests fit into what is available now.

    Raises:
        MemoryShortError: they do not; the text says how many do.
    """
    found = re.search(r"^MemAvailable:\s+(\d+) kB", meminfo.read_text(), re.MULTILINE)
    if found is None:
        return
    available = int(found[1]) // 1024
    needs = [memory + EMULATOR_MIB + STREAMER_MIB for memory in guest_mib]
    if sum(needs) <= available:
        return
    fitting = sum(sum(needs[: count + 1]) <= available for count in range(len(needs)))
    advice = f"start at most {fitting} (--local {fitting})" if fitting else "close other programs"
    raise MemoryShortError(
        f"{len(needs)} guests need about {sum(needs)} MiB of free memory, and {available} MiB are available: {advice}, "
        "or give the guests less with memory_mib in [guest]."
    )
