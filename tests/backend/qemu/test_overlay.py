import json
from pathlib import Path

import pytest

from backend.qemu.errors import ImageError
from backend.qemu.overlay import Overlay, fingerprint
from backend.qemu.program import Program


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "base.img"
    path.write_bytes(bytes(1 << 20))
    return path


def overlay_on(image: Path, machine: str = "one") -> Overlay:
    return Overlay(image.parent / "state", image=image, image_format="raw", machine=machine)


async def test_the_first_time_the_disk_is_made_and_there_is_no_snapshot(image: Path) -> None:
    overlay = overlay_on(image)
    await overlay.prepare(keep_changes=False)
    assert overlay.path.read_bytes().startswith(b"QFI\xfb")
    assert overlay.snapshot is None


async def test_a_saved_snapshot_is_found_again(image: Path) -> None:
    overlay = overlay_on(image)
    await overlay.prepare(keep_changes=False)
    overlay.saved("ready")
    again = overlay_on(image)
    await again.prepare(keep_changes=False)
    assert again.snapshot == "ready"


async def test_another_command_line_discards_the_snapshot_with_the_disk(image: Path) -> None:
    overlay = overlay_on(image)
    await overlay.prepare(keep_changes=False)
    overlay.saved("ready")
    other = overlay_on(image, "two")
    await other.prepare(keep_changes=False)
    assert other.snapshot is None
    assert json.loads((image.parent / "state" / "fingerprint.json").read_text())["machine"] == "two"


async def test_what_the_guest_wrote_outlasts_another_command_line_where_it_is_kept(image: Path) -> None:
    overlay = overlay_on(image)
    await overlay.prepare(keep_changes=True)
    overlay.path.write_bytes(overlay.path.read_bytes() + b"written")
    other = overlay_on(image, "two")
    await other.prepare(keep_changes=True)
    assert other.path.read_bytes().endswith(b"written")


async def test_another_image_gets_a_fresh_disk_and_the_old_one_is_kept(image: Path) -> None:
    overlay = overlay_on(image)
    await overlay.prepare(keep_changes=True)
    overlay.path.write_bytes(overlay.path.read_bytes() + b"written")
    image.write_bytes(bytes(2 << 20))  # noqa: ASYNC240 - a test may block
    other = overlay_on(image)
    await other.prepare(keep_changes=True)
    assert not other.path.read_bytes().endswith(b"written")
    assert other.path.with_name("overlay.qcow2.old").read_bytes().endswith(b"written")


async def test_a_discarded_snapshot_is_gone_the_next_time(image: Path) -> None:
    overlay = overlay_on(image)
    await overlay.prepare(keep_changes=False)
    overlay.saved("ready")
    overlay.discard()
    again = overlay_on(image)
    await again.prepare(keep_changes=False)
    assert again.snapshot is None
    assert again.path.exists()


async def test_an_image_of_the_wrong_format_is_told_in_qemus_words(image: Path) -> None:
    overlay = Overlay(image.parent / "state", image=image, image_format="qcow2", machine="")
    with pytest.raises(ImageError, match="disk of the guest cannot be made"):
        await overlay.prepare(keep_changes=False)


async def test_a_missing_image_is_told(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match=r"gone\.img cannot be used"):
        await overlay_on(tmp_path / "gone.img").prepare(keep_changes=False)


def test_program_and_arguments_make_the_fingerprint() -> None:
    one, two = Program(Path("/q"), "1"), Program(Path("/q"), "2")
    assert fingerprint(one, ["a", "b"]) == fingerprint(one, ["a", "b"])
    assert len({fingerprint(one, ["a", "b"]), fingerprint(two, ["a", "b"]), fingerprint(one, ["ab"])}) == 3
