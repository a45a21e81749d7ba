import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from backend.contract.errors import SettingsError
from backend.contract.status import GuestReport, GuestState
from backend.qemu.errors import QemuError
from backend.qemu.run_directory import GuestFile, RunDirectory


def test_the_directory_is_private(tmp_path: Path) -> None:
    directory = RunDirectory(tmp_path / "run")
    directory.create()
    directory.create()
    assert stat.S_IMODE((tmp_path / "run").stat().st_mode) == 0o700


def test_a_path_too_long_for_sockets_is_refused_with_a_hint() -> None:
    with pytest.raises(SettingsError, match="choose a shorter one"):
        RunDirectory(Path("/tmp") / ("x" * 120)).create()


def test_a_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be made"):
        RunDirectory(tmp_path / "file" / "run").create()


def test_what_the_supervisor_writes_the_streamer_reads(tmp_path: Path) -> None:
    directory = RunDirectory(tmp_path)
    for guest in (GuestFile(), GuestFile(pointer="absolute", probe=(1, 2, 3, 4), snapshot="ready", sound=False)):
        directory.write_guest(guest)
        assert directory.read_guest() == guest
    assert directory.read_report() is None
    report = GuestReport(GuestState.RESTARTING, "why")
    directory.write_report(report)
    assert directory.read_report() == report


def test_a_missing_guest_file_means_not_started(tmp_path: Path) -> None:
    with pytest.raises(QemuError, match="not started"):
        RunDirectory(tmp_path).read_guest()


@given(
    st.one_of(
        st.binary(max_size=60), st.sampled_from([b'{"version": 2}', b'{"version": 1}', b'{"version":1,"probe":[1]}'])
    )
)
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_garbage_in_the_files_is_a_clear_error(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "guest.json").write_bytes(data)
    (tmp_path / "emulator.json").write_bytes(data)
    with pytest.raises(QemuError, match=r"guest\.json"):
        RunDirectory(tmp_path).read_guest()
    assert RunDirectory(tmp_path).read_report() is None


def test_left_sockets_are_removed(tmp_path: Path) -> None:
    directory = RunDirectory(tmp_path)
    for path in (directory.control, directory.stream):
        path.write_text("")
    directory.remove_sockets()
    assert not list(tmp_path.iterdir())
