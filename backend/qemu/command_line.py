"""QEMU's command line. Pure: settings and paths in, arguments out."""

from collections.abc import Sequence
from pathlib import Path

from backend.contract.lan_wiring import netdev_arguments
from backend.qemu.run_directory import RunDirectory
from backend.qemu.settings import GuestSettings

DISK = "disk0"
"""Node name of the disk, which the snapshot is saved to."""
DEBUG_PORT = "debug"
"""A ring buffer behind port 0xE9: an unread socket would fill up and then stop the whole guest."""
TRANSLATION_CACHE_MIB = 64
"""QEMU would take a quarter of the machine's memory for translated code; nine of them must fit."""

SOUND_PERIOD_US = 20_000
"""One Opus packet. QEMU 10 sends what it plays once a period, and its own 10 ms cost 1 % of a core for each guest that
sounds; 7.2 sends blocks of 21 ms whatever it is told."""

_SOUND_CARDS = {"sb16": "sb16", "ac97": "AC97", "es1370": "ES1370"}


def command_line(
    settings: GuestSettings,
    *,
    instance: str,
    number: int,
    directory: RunDirectory,
    overlay: Path | None,
    load: str | None = None,
    mac: str | None = None,
) -> list[str]:
    """Arguments after the program's name.

    Args:
        settings: with every choice made (``settings.resolved``).
        instance: for the process list.
        number: what the guest shows as its own, from 1.
        directory: where the sockets are made.
        overlay: the qcow2 disk; None for a guest that boots a kernel without one.
        load: tag of the snapshot to start from.
        mac: address of the card on the LAN, whose sockets are in ``directory``; None for a guest without.
    """
    arguments = [
        *("-name", f"loco-{instance}"),
        *("-nodefaults", "-no-user-config"),
        *("-machine", f"{settings.machine},pcspk-audiodev=snd"),
        *("-accel", "kvm" if settings.accel == "kvm" else f"tcg,tb-size={TRANSLATION_CACHE_MIB}"),
        *("-m", str(settings.memory_mib)),
        *("-vga", settings.vga),
        *_sound(settings),
        *_monitors(directory),
        *("-chardev", f"ringbuf,id={DEBUG_PORT},size=65536"),
        *("-device", f"isa-debugcon,iobase=0xe9,chardev={DEBUG_PORT}"),
        *("-fw_cfg", f"name=opt/loco/number,string={number}"),
    ]
    if settings.cpu:
        arguments += ["-cpu", settings.cpu]
    arguments += _pointer(settings)
    arguments += _network(settings, directory, mac)
    if settings.icount >= 0:
        arguments += ["-icount", f"shift={settings.icount},align=on,sleep=on"]
    if overlay is not None:
        arguments += _disk(overlay)
    arguments += _kernel(settings)
    if load is not None:
        arguments += ["-loadvm", load]
    return [*arguments, *settings.extra_arguments]


def _sound(settings: GuestSettings) -> list[str]:
    if settings.sound == "none":
        return ["-display", "dbus,p2p=yes", "-audiodev", "none,id=snd"]
    return [
        *("-display", "dbus,p2p=yes,audiodev=snd"),
        *("-audiodev", f"dbus,id=snd,timer-period={SOUND_PERIOD_US},out.frequency=48000"),
        *("-device", f"{_SOUND_CARDS[settings.sound]},audiodev=snd"),
    ]


def _pointer(settings: GuestSettings) -> list[str]:
    if settings.is_demo:
        # It has no USB: it drives QEMU's vmmouse when told so.
        return ["-fw_cfg", f"name=opt/loco/pointer,string={settings.pointer}"]
    if settings.pointer == "absolute":
        return ["-device", "piix3-usb-uhci", "-device", "usb-tablet"]
    return []


def _network(settings: GuestSettings, directory: RunDirectory, mac: str | None) -> Sequence[str]:
    if mac is None or settings.nic == "none":
        return ()
    # Cards on PCI would try to boot from the network first, with a ROM that may not be installed.
    nic = settings.nic if settings.nic == "ne2k_isa" else f"{settings.nic},romfile="
    return netdev_arguments(directory.path, nic=nic, mac=mac)


def _monitors(directory: RunDirectory) -> list[str]:
    arguments: list[str] = []
    for name, path in (("control", directory.control), ("stream", directory.stream), ("poke", directory.poke)):
        arguments += ["-chardev", f"socket,id={name},path={_escaped(path)},server=on,wait=off"]
        arguments += ["-mon", f"chardev={name},mode=control"]
    return arguments


def _disk(overlay: Path) -> list[str]:
    blockdev = f"driver=qcow2,node-name={DISK},file.driver=file,file.filename={_escaped(overlay)}"
    return ["-blockdev", blockdev, "-device", f"ide-hd,drive={DISK}"]


def _kernel(settings: GuestSettings) -> list[str]:
    arguments: list[str] = []
    for option, path in (("-kernel", settings.kernel), ("-initrd", settings.initrd)):
        if path is not None:
            arguments += [option, str(path)]
    if settings.kernel is not None and settings.append:
        arguments += ["-append", settings.append]
    return arguments


def _escaped(path: Path) -> str:
    """A comma would end the value of a QEMU option."""
    return str(path).replace(",", ",,")
