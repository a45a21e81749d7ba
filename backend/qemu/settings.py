"""Settings of a guest: the table ``[guest]``, overridden for one instance by ``[guest.instance-3]``."""

import importlib.resources
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from backend.contract.errors import SettingsError
from backend.contract.settings import from_table_values, load_section, setting
from backend.qemu.run_directory import Probe

DEMO_IMAGE = "demo-guest.img"
DEMO_PROBE: tuple[str, ...] = ("16", "16", "64", "48")
"""The lamp of the demo guest, which changes with every key press."""
_MAGICS = {b"QFI\xfb": "qcow2", b"KDMV": "vmdk"}


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestSettings:
    """One emulated PC."""

    image: Path | None = setting(None, "disk image, never written to; without it the demo guest")
    image_format: str = setting("raw", "format of the disk image", choices=("raw", "qcow2", "vmdk", "vdi", "vpc"))
    kernel: Path | None = setting(None, "Linux or multiboot kernel to boot instead of the disk")
    initrd: Path | None = setting(None, "initial ram disk of the kernel")
    append: str = setting("", "command line of the kernel")
    memory_mib: int = setting(
        0, "memory in MiB; 0: 32 for the demo guest, else 256, plenty for Windows 98", minimum=0, maximum=65536
    )
    machine: str = setting("pc-i440fx-7.2", "QEMU machine; pinned, so that a snapshot outlives an update of QEMU")
    cpu: str = setting("", "QEMU CPU model, such as pentium3; without it QEMU's own choice")
    accel: str = setting(
        "tcg", "accelerator; auto takes KVM where /dev/kvm can be used", choices=("tcg", "kvm", "auto")
    )
    vga: str = setting("", "display card; without it std for the demo guest, else cirrus (Windows 98 knows it)")
    pointer: str = setting(
        "auto",
        "absolute adds a USB tablet, relative is the PS/2 mouse; auto: what the guest's driver switches to, and "
        "absolute for the demo guest",
        choices=("auto", "absolute", "relative"),
    )
    sound: str = setting("sb16", "sound card", choices=("sb16", "ac97", "es1370", "none"))
    nic: str = setting(
        "",
        "network card of a guest that hangs on the LAN, or none; without it ne2k_isa for the demo guest, none "
        "where extra_arguments bring a network, else ne2k_pci (Windows 98 knows it as Realtek RTL8029)",
        choices=("", "ne2k_isa", "ne2k_pci", "pcnet", "rtl8139", "none"),
    )
    icount: int = setting(
        -1,
        "throttle of guests that never idle: instructions take 2^N ns, 4 is slow and 2 quick; -1: off",
        minimum=-1,
        maximum=10,
    )
    snapshot: bool = setting(True, "save the guest when it is ready on first boot, and start and reset from there")
    ready: str = setting(
        "",
        "when it is ready: marker ('R ' on its debug port 0xE9) or delay; without it marker for the demo guest",
        choices=("", "marker", "delay"),
    )
    ready_delay_s: float = setting(90.0, "seconds from power-on until it is ready, for ready = delay", minimum=0)
    probe: tuple[str, ...] = setting((), "x, y, width, height in pixels of an area that changes with every key press")
    unwatched: str = setting(
        "run",
        "what becomes of the guest while nobody watches it: it runs on, runs a fifth of the time (slow), or sleeps "
        "(pause); it is awake within some ms when somebody looks at it or sends an input",
        choices=("run", "slow", "pause"),
    )
    unwatched_after_s: float = setting(10.0, "seconds after the last look or input until it does so", minimum=0)
    unwatched_on_lan: bool = setting(
        False, "do so also with a guest that has a network card; the others would wait for it, or go on without it"
    )
    extra_arguments: tuple[str, ...] = setting((), "further arguments for QEMU")
    qemu: Path = setting(Path("qemu-system-x86_64"), "QEMU program: a path, or a name on PATH")

    @property
    def is_demo(self) -> bool:
        """Whether this is the guest that comes with the project."""
        return self.image is None and self.kernel is None

    @property
    def disk(self) -> Path | None:
        """The disk image; None for a guest that boots a kernel without one.

        Raises:
            SettingsError: the demo guest was not built.
        """
        return demo_image() if self.is_demo else self.image

    @property
    def probe_area(self) -> Probe | None:
        """``probe`` as numbers."""
        if not self.probe:
            return None
        x, y, width, height = (int(number) for number in self.probe)
        return x, y, width, height

    def rests(self, *, on_lan: bool) -> str:
        """``unwatched``, as it holds for this guest; ``on_lan``: the LAN has a port for it."""
        on_network = (on_lan and self.nic != "none") or self.has_own_network
        return "run" if on_network and not self.unwatched_on_lan else self.unwatched

    @property
    def has_own_network(self) -> bool:
        """Whether its further arguments give it a network card."""
        options = ("-nic", "-netdev", "-net")
        pairs = itertools.pairwise(self.extra_arguments)
        return any(option in options and value.partition(",")[0] != "none" for option, value in pairs)


def guest_settings(
    tables: Mapping[str, Any], instance: str, *, environment: Mapping[str, str] = MappingProxyType({})
) -> GuestSettings:
    """The settings of ``instance``, from all tables of the settings file; no guest's file is looked at.

    ``environment`` is for a program of one guest: there, variables such as ``LOCO_GUEST_IMAGE`` come first.

    Raises:
        SettingsError: an unknown key or a wrong value.
    """
    table = tables.get("guest", {})
    if not isinstance(table, Mapping):
        raise SettingsError("'guest' must be a table: write [guest].")
    common = {name: value for name, value in table.items() if not isinstance(value, Mapping)}
    own = table.get(instance, {})
    if not isinstance(own, Mapping):
        raise SettingsError(f"'{instance}' must be a table: write [guest.{instance}].")
    # One by one first, so that an error names its table.
    from_table_values(GuestSettings, common, "[guest]")
    from_table_values(GuestSettings, own, f"[guest.{instance}]")
    chosen = load_section(GuestSettings, "guest", {"guest": {**common, **own}}, environment=environment)
    settings = _completed(chosen)
    _check_probe(settings.probe)
    return settings


def _completed(settings: GuestSettings) -> GuestSettings:
    """Every choice made that depends on which guest it is."""
    demo = settings.is_demo
    return replace(
        settings,
        memory_mib=settings.memory_mib or (32 if demo else 256),
        vga=settings.vga or ("std" if demo else "cirrus"),
        nic=settings.nic or _standard_nic(settings),
        pointer="absolute" if demo and settings.pointer == "auto" else settings.pointer,
        ready=settings.ready or ("marker" if demo else "delay"),
        probe=settings.probe or (DEMO_PROBE if demo else ()),
    )


def _standard_nic(settings: GuestSettings) -> str:
    if settings.has_own_network:
        return "none"  # it was set up with the card that it has: another one would be new hardware
    return "ne2k_isa" if settings.is_demo else "ne2k_pci"


def resolved(settings: GuestSettings) -> GuestSettings:
    """The settings as QEMU is started with, every file checked.

    Raises:
        SettingsError: a file is missing or unreadable, or settings contradict each other.
    """
    chosen = replace(_completed(settings), accel=_accelerator(settings.accel))
    disk = chosen.disk
    for name, path in (("image", disk), ("kernel", chosen.kernel), ("initrd", chosen.initrd)):
        if path is not None:
            _check_file(path, name)
    if disk is not None:
        _check_format(disk, chosen.image_format)
    if chosen.icount >= 0 and chosen.accel == "kvm":
        raise SettingsError("'icount' throttles emulation only: remove it, or set accel = \"tcg\".")
    return chosen


def demo_image() -> Path:
    """The disk image of the demo guest.

    Raises:
        SettingsError: it was not built.
    """
    path = Path(str(importlib.resources.files("backend") / "local" / DEMO_IMAGE))
    if not path.is_file():
        raise SettingsError(
            f"The demo guest {path} is not built: run packaging/guest/build.py, or set 'image' in [guest]."
        )
    return path


def _accelerator(wanted: str) -> str:
    if wanted != "auto":
        return wanted
    try:
        with open("/dev/kvm", "r+b", buffering=0):
            return "kvm"
    except OSError:
        return "tcg"


def _check_file(path: Path, name: str) -> None:
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise SettingsError(
            f"'{name}' in [guest]: {path} cannot be read ({error.strerror}); write the path of a readable file."
        ) from error


def _check_format(image: Path, image_format: str) -> None:
    with image.open("rb") as file:
        magic = file.read(4)
    found = _MAGICS.get(magic)
    if found is not None and found != image_format:
        raise SettingsError(f"'{image}' is a {found} image: write image_format = \"{found}\" in [guest].")


def _check_probe(probe: tuple[str, ...]) -> None:
    if probe and not (len(probe) == 4 and all(part.isascii() and part.isdigit() for part in probe)):
        raise SettingsError('\'probe\' in [guest] must be four whole numbers such as ["0", "0", "64", "64"].')
