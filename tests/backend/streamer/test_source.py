"""The real guest and the synthetic one both are what the streamer needs; mypy checks the signatures."""

from pathlib import Path

from backend.qemu.guest import Guest as QemuGuest
from backend.streamer.source import Guest
from backend.streamer.synthetic import SyntheticGuest


def test_both_guests_have_every_member(tmp_path: Path) -> None:
    real: Guest = QemuGuest(tmp_path, on_picture=lambda: None, on_report=lambda _: None)
    made: Guest = SyntheticGuest(on_picture=lambda: None, on_sound=lambda: None, on_report=lambda _: None)
    members = [name for name in vars(Guest) if not name.startswith("_")]
    assert len(members) >= 12
    for guest in (real, made):
        assert not [name for name in members if not hasattr(guest, name)]
