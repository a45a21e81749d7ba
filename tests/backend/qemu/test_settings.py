import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from backend.contract.errors import SettingsError
from backend.qemu import settings as module
from backend.qemu.settings import GuestSettings, demo_image, guest_settings, resolved


def test_without_settings_it_is_the_demo_guest() -> None:
    settings = guest_settings({}, "instance-0")
    assert settings.is_demo
    assert (settings.memory_mib, settings.vga, settings.ready) == (32, "std", "marker")
    assert settings.probe_area == (16, 16, 64, 48)


def test_another_image_gets_what_windows_98_needs() -> None:
    settings = guest_settings({"guest": {"image": "/disk.img"}}, "instance-0")
    assert not settings.is_demo
    assert (settings.memory_mib, settings.vga, settings.ready, settings.probe_area) == (256, "cirrus", "delay", None)


def test_one_instance_overrides_what_is_common_to_all() -> None:
    tables = {"guest": {"memory_mib": 64, "image": "/a", "instance-3": {"image": "/b", "pointer": "absolute"}}}
    common, own = guest_settings(tables, "instance-2"), guest_settings(tables, "instance-3")
    assert (common.image, common.memory_mib, common.pointer) == (Path("/a"), 64, "auto")
    assert (own.image, own.memory_mib, own.pointer) == (Path("/b"), 64, "absolute")


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"guest": 3}, r"write \[guest\]"),
        ({"guest": {"instance-1": 3}}, r"\[guest\] has no setting 'instance-1'|write \[guest.instance-1\]"),
        ({"guest": {"imag": "/a"}}, "did you mean 'image'"),
        ({"guest": {"instance-1": {"memory": 3}}}, r"\[guest.instance-1\] has no setting 'memory'"),
        ({"guest": {"memory_mib": -1}}, "at least 0"),
        ({"guest": {"pointer": "touch"}}, "one of auto, absolute, relative"),
        ({"guest": {"probe": ["1", "2", "3"]}}, "four whole numbers"),
        ({"guest": {"probe": ["1", "2", "3", "x"]}}, "four whole numbers"),
    ],
)
def test_wrong_settings_are_refused_with_what_to_write(tables: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        guest_settings(tables, "instance-1")


def test_a_missing_image_is_named() -> None:
    with pytest.raises(SettingsError, match=r"'image' in \[guest\]: /nowhere/disk.img cannot be read"):
        resolved(GuestSettings(image=Path("/nowhere/disk.img")))


def test_a_directory_is_no_image(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        resolved(GuestSettings(image=tmp_path))


def test_a_qcow2_image_said_to_be_raw_is_told(tmp_path: Path) -> None:
    image = tmp_path / "disk"
    image.write_bytes(b"QFI\xfb" + bytes(512))
    with pytest.raises(SettingsError, match='write image_format = "qcow2"'):
        resolved(GuestSettings(image=image))
    assert resolved(GuestSettings(image=image, image_format="qcow2")).image == image


def test_icount_and_kvm_exclude_each_other(tmp_path: Path) -> None:
    image = tmp_path / "disk"
    image.write_bytes(bytes(512))
    with pytest.raises(SettingsError, match="throttles emulation only"):
        resolved(GuestSettings(image=image, icount=4, accel="kvm"))


def test_a_demo_guest_that_was_not_built_says_how_to_build_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DEMO_IMAGE", "not-there.img")
    with pytest.raises(SettingsError, match=r"packaging/guest/build\.py"):
        demo_image()


def test_auto_takes_one_of_the_accelerators(tmp_path: Path) -> None:
    image = tmp_path / "disk"
    image.write_bytes(bytes(512))
    assert resolved(GuestSettings(image=image, accel="auto")).accel in ("kvm", "tcg")


def test_the_examples_of_the_readme_are_valid() -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    guests, network = map(tomllib.loads, re.findall(r"```toml\n(.*?)```", readme, re.DOTALL))
    assert guest_settings(network, "instance-3").nic == "rtl8139"
    assert guest_settings(guests, "instance-0").image_format == "qcow2"
    fourth = guest_settings(guests, "instance-3")
    assert (fourth.memory_mib, fourth.ready, fourth.image) == (128, "delay", Path("/srv/guests/another.qcow2"))


def test_variables_of_a_program_of_one_guest_come_first() -> None:
    tables = {"guest": {"memory_mib": 64, "instance-3": {"memory_mib": 128}}}
    environment = {"LOCO_GUEST_MEMORY_MIB": "96", "LOCO_GUEST_PROBE": "0, 0, 8, 8", "LOCO_GUEST_IMAGE": "/disk.img"}
    settings = guest_settings(tables, "instance-3", environment=environment)
    assert (settings.memory_mib, settings.probe_area, settings.image) == (96, (0, 0, 8, 8), Path("/disk.img"))
    assert guest_settings(tables, "instance-3").memory_mib == 128


def test_a_guest_on_a_network_rests_only_when_told_so() -> None:
    networked = ("-nic", "user")
    for on_lan in (False, True):
        assert GuestSettings(unwatched="pause", nic="none").rests(on_lan=on_lan) == "pause"
        assert GuestSettings(unwatched="pause", extra_arguments=networked).rests(on_lan=on_lan) == "run"
        assert GuestSettings(unwatched="slow", unwatched_on_lan=True).rests(on_lan=on_lan) == "slow"
    assert GuestSettings(unwatched="pause", extra_arguments=("-nic", "none")).rests(on_lan=False) == "pause"
    assert GuestSettings(unwatched="pause").rests(on_lan=True) == "run"


def test_every_guest_has_a_card_that_it_knows() -> None:
    assert guest_settings({}, "instance-3").nic == "ne2k_isa"
    assert guest_settings({"guest": {"image": "/i"}}, "instance-3").nic == "ne2k_pci"
    with pytest.raises(SettingsError, match="rtl8139"):
        guest_settings({"guest": {"nic": "rtl8239"}}, "instance-3")


def test_a_guest_that_brings_its_own_network_gets_no_second_card_unasked() -> None:
    tables = {"guest": {"extra_arguments": ["-nic", "user,model=rtl8139"], "instance-1": {"nic": "pcnet"}}}
    assert guest_settings(tables, "instance-0").nic == "none"
    assert guest_settings(tables, "instance-1").nic == "pcnet"
