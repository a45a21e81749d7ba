from pathlib import Path

import pytest

from backend.local.errors import MemoryShortError
from backend.local.memory import EMULATOR_MIB, STREAMER_MIB, require_memory


def meminfo(tmp_path: Path, available_mib: int) -> Path:
    path = tmp_path / "meminfo"
    path.write_text(f"MemTotal: 99999 kB\nMemFree: 1 kB\nMemAvailable:   {available_mib * 1024} kB\n")
    return path


def test_enough_memory_passes(tmp_path: Path) -> None:
    require_memory([32], meminfo(tmp_path, 32 + EMULATOR_MIB + STREAMER_MIB))
    (tmp_path / "meminfo").write_text("nothing known")
    require_memory([32], tmp_path / "meminfo")


def test_too_little_says_how_many_guests_fit(tmp_path: Path) -> None:
    each = 256 + EMULATOR_MIB + STREAMER_MIB
    with pytest.raises(MemoryShortError, match=r"start at most 3 \(--local 3\)"):
        require_memory([256] * 9, meminfo(tmp_path, each * 3 + 1))
    with pytest.raises(MemoryShortError, match="close other programs"):
        require_memory([256], meminfo(tmp_path, 10))
