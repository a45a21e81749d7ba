from pathlib import Path

import pytest

from backend.qemu.command_line import command_line
from backend.qemu.run_directory import RunDirectory
from backend.qemu.settings import GuestSettings, guest_settings

MAC = "02:4c:4f:43:00:03"


def line(
    settings: GuestSettings | None = None,
    overlay: Path | None = Path("/s/o.qcow2"),
    load: str | None = None,
    mac: str | None = None,
) -> str:
    arguments = command_line(
        settings or guest_settings({}, "instance-3"),
        instance="instance-3",
        number=4,
        directory=RunDirectory(Path("/run/a,b")),
        overlay=overlay,
        load=load,
        mac=mac,
    )
    return " ".join(arguments)


def test_the_demo_guest_has_display_sound_disk_monitors_and_its_number() -> None:
    text = line()
    for part in (
        "-machine pc-i440fx-7.2,pcspk-audiodev=snd",
        "-accel tcg,tb-size=64",
        "-m 32",
        "-vga std",
        "-display dbus,p2p=yes,audiodev=snd -audiodev dbus,id=snd,timer-period=20000,out.frequency=48000",
        "-device sb16,audiodev=snd",
        "node-name=disk0,file.driver=file,file.filename=/s/o.qcow2 -device ide-hd,drive=disk0",
        "socket,id=control,path=/run/a,,b/control.qmp,server=on,wait=off -mon chardev=control,mode=control",
        "stream.qmp",
        "poke.qmp",
        "-fw_cfg name=opt/loco/number,string=4",
        "-fw_cfg name=opt/loco/pointer,string=absolute",
        "-device isa-debugcon,iobase=0xe9,chardev=debug",
    ):
        assert part in text
    assert "-loadvm" not in text
    assert "usb-tablet" not in text


def test_a_snapshot_is_loaded_where_there_is_one() -> None:
    assert line(load="ready").endswith("-loadvm ready")


def test_a_guest_on_the_lan_has_a_card_and_its_two_sockets() -> None:
    text = line(mac=MAC)
    assert "-netdev dgram,id=lan,local.type=unix,local.path=/run/a,,b/lan.guest" in text
    assert f"-device ne2k_isa,netdev=lan,mac={MAC}" in text
    assert f"-device pcnet,romfile=,netdev=lan,mac={MAC}" in line(GuestSettings(nic="pcnet"), mac=MAC)


@pytest.mark.parametrize(("nic", "mac"), [("none", MAC), ("rtl8139", None)])
def test_a_guest_without_a_port_or_a_card_has_neither(nic: str, mac: str | None) -> None:
    assert "netdev" not in line(GuestSettings(nic=nic), mac=mac)


def test_extra_arguments_come_last() -> None:
    assert line(GuestSettings(extra_arguments=("-rtc", "base=localtime")), load="x").endswith("-rtc base=localtime")


@pytest.mark.parametrize(
    ("settings", "part"),
    [
        (GuestSettings(image=Path("/i"), pointer="absolute"), "-device piix3-usb-uhci -device usb-tablet"),
        (GuestSettings(icount=4), "-icount shift=4,align=on,sleep=on"),
        (GuestSettings(cpu="pentium3"), "-cpu pentium3"),
        (GuestSettings(accel="kvm"), "-accel kvm"),
        (GuestSettings(sound="ac97"), "-device AC97,audiodev=snd"),
        (GuestSettings(sound="none"), "-display dbus,p2p=yes -audiodev none,id=snd"),
        (
            GuestSettings(kernel=Path("/k"), initrd=Path("/i"), append="quiet splash"),
            "-kernel /k -initrd /i -append quiet splash",
        ),
    ],
)
def test_settings_become_arguments(settings: GuestSettings, part: str) -> None:
    assert part in line(settings, overlay=None)
    assert "disk0" not in line(settings, overlay=None)
