from pathlib import Path

import pytest

from backend.qemu.errors import ProgramError
from backend.qemu.program import blames_snapshot, explain, find_helper, find_program, require_version


def test_a_missing_qemu_names_the_package() -> None:
    with pytest.raises(ProgramError, match="install the package qemu-system-x86"):
        find_program(Path("/nowhere/qemu"))


def test_a_missing_helper_names_its_package() -> None:
    with pytest.raises(ProgramError, match="install the package qemu-utils"):
        find_helper("no-such-qemu-img", "qemu-utils")


def test_another_version_has_another_identity(tmp_path: Path) -> None:
    program = tmp_path / "qemu"
    program.write_text("one")
    program.chmod(0o755)
    before = find_program(program).identity
    program.write_text("another")
    assert find_program(program).identity != before


def test_only_versions_from_7_2_on_are_taken() -> None:
    require_version((7, 2))
    require_version((10, 0))
    with pytest.raises(ProgramError, match=r"QEMU 7\.1 is too old: version 7\.2"):
        require_version((7, 1))


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ("qemu: -display dbus,p2p=yes: Parameter 'type' does not accept value 'dbus'", 1, "qemu-system-modules-opengl"),
        ("qemu: cannot set up guest memory 'pc.ram': Cannot allocate memory", 1, "memory_mib"),
        ('Failed to get "write" lock\nIs another process using the image?', 1, "Another QEMU"),
        ("qemu: unsupported machine type", 1, "'machine' in [guest]"),
        ("a: first\nb: the last line\n\n", 1, "ended with status 1: b: the last line"),
        ("", -9, "killed by signal 9"),
        ("", 0, "switched itself off"),
    ],
)
def test_the_end_of_qemu_is_explained(said: str, status: int, words: str) -> None:
    assert words in explain(said, status)


def test_only_trouble_with_the_snapshot_is_blamed_on_it() -> None:
    assert blames_snapshot("qemu: Device 'disk0' does not have the requested snapshot 'ready'")
    assert blames_snapshot('qemu: Unknown ramblock "vga.vram", cannot accept migration\nerror while loading state')
    assert not blames_snapshot("qemu: cannot set up guest memory 'pc.ram': Cannot allocate memory")
