"""The QEMU programs: finding them, and saying in words why they do not run."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from backend.qemu.errors import ProgramError

OLDEST = (7, 2)
"""Debian 12's; the first whose D-Bus display and sound were tried."""
INSTALL = "install the package qemu-system-x86"
INSTALL_DISPLAY = "install qemu-system-modules-opengl (Debian 13, Ubuntu 24.04) or qemu-system-common (Debian 12)"

_EXPLANATIONS = (
    (
        (
            "type' does not accept value 'dbus'",
            "driver' does not accept value 'dbus'",
            "ui-dbus",
            "audio-dbus",
            "display 'dbus'",
        ),
        f"QEMU's D-Bus display is missing: {INSTALL_DISPLAY}.",
    ),
    (
        ("Cannot allocate memory", "cannot set up guest memory"),
        "There is not enough free memory: end other programs, start fewer guests, or lower memory_mib in [guest].",
    ),
    (
        ('Failed to get "write" lock', "Failed to get shared"),
        "Another QEMU uses this guest's disk: end the other kiosk first.",
    ),
    (("No space left on device",), "The disk is full: free some space for the guest's state directory."),
    (("unsupported machine type",), "QEMU does not know this machine: set another 'machine' in [guest]."),
    (
        ("Could not access KVM kernel module", "failed to initialize kvm"),
        'KVM cannot be used on this machine: set accel = "tcg" in [guest].',
    ),
)
_SNAPSHOT_WORDS = (
    "snapshot",
    "loading state",
    "load of migration",
    "VM state",
    "vmstate",
    "savevm",
    "Unknown ramblock",
    "Missing section",
    "qcow2",
    "Unknown savevm section",
)


@dataclass(frozen=True, slots=True)
class Program:
    """QEMU on this machine."""

    path: Path
    identity: str
    """Changes when the program is replaced by another version; costs no start of it."""


def find_program(wanted: Path) -> Program:
    """Find QEMU.

    Raises:
        ProgramError: it is not there.
    """
    found = shutil.which(str(wanted))
    if found is None:
        raise ProgramError(f"QEMU is missing: there is no program {wanted}; {INSTALL}, or set 'qemu' in [guest].")
    path = Path(found).resolve()
    status = path.stat()
    return Program(Path(found), f"{path}:{status.st_size}:{status.st_mtime_ns}")


def find_helper(name: str, package: str) -> str:
    """Find a program that comes with the distribution.

    Raises:
        ProgramError: it is not there.
    """
    found = shutil.which(name)
    if found is None:
        raise ProgramError(f"The program {name} is missing: install the package {package}.")
    return found


def require_version(version: tuple[int, int]) -> None:
    """Refuse a QEMU that is too old.

    Raises:
        ProgramError: with the version that is needed.
    """
    if version < OLDEST:
        found, oldest = ".".join(map(str, version)), ".".join(map(str, OLDEST))
        raise ProgramError(f"QEMU {found} is too old: version {oldest} or later is needed; update it.")


def explain(log_tail: str, status: int) -> str:
    """A sentence for a QEMU that ended by itself, from the end of its log and its exit status."""
    for patterns, sentence in _EXPLANATIONS:
        if any(pattern in log_tail for pattern in patterns):
            return sentence
    lines = [line for line in log_tail.splitlines() if line.strip()]
    if status == 0:
        return "The guest switched itself off."
    how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
    return f"QEMU {how}: {lines[-1].strip()[:300]}" if lines and status > 0 else f"QEMU {how}."


def blames_snapshot(log_tail: str) -> bool:
    """Whether QEMU ended because it could not load its snapshot."""
    return any(word.lower() in log_tail.lower() for word in _SNAPSHOT_WORDS)
