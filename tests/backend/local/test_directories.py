import subprocess
import sys
from pathlib import Path

import pytest

from backend.local.directories import run_directory, runtime_base, state_directory
from backend.local.errors import LocalClusterError


def test_a_run_directory_is_private_and_goes_afterwards(tmp_path: Path) -> None:
    with run_directory(tmp_path) as directory:
        (directory / "control.qmp").touch()
        assert directory.stat().st_mode & 0o777 == 0o700
    assert not directory.exists()


def test_what_a_dead_backend_left_is_removed_and_what_a_living_one_uses_stays(tmp_path: Path) -> None:
    script = "import sys, os; from pathlib import Path; from backend.local.directories import run_directory\n"
    script += "with run_directory(Path(sys.argv[1])) as d: (d / 'control.qmp').touch(); os._exit(9)"
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    (left,) = tmp_path.iterdir()
    foreign = tmp_path / "loco-kiosk-notours-x"
    foreign.mkdir()
    with run_directory(tmp_path) as first, run_directory(tmp_path) as second:
        assert not left.exists()
        assert first.exists()
        assert second.exists()
    assert foreign.exists()


def test_the_base_is_short_enough_for_sockets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/" + "x" * 90)
    assert runtime_base() == Path("/tmp")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/dev/shm")
    assert runtime_base() == Path("/dev/shm")


def test_two_clusters_do_not_share_their_disks(tmp_path: Path) -> None:
    root = tmp_path / "state" / "deep"
    with state_directory(root), pytest.raises(LocalClusterError, match="--state-directory"), state_directory(root):
        pass
    with state_directory(root) as again:
        assert again == root


def test_a_place_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(LocalClusterError, match="--state-directory"), state_directory(blocked / "state"):
        pass
