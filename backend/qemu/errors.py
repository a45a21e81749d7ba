"""Errors of this package.

QemuError
├── ProgramError    QEMU is missing, too old, or ended by itself
├── ImageError      the disk image cannot be used
├── MonitorError    a QMP monitor does not answer
│   └── CommandError    ... or refuses a command
├── SnapshotError   a snapshot cannot be made or loaded
├── SupervisorError nobody who could start QEMU again answers
└── DisplayError    the D-Bus peer broke off or sent something that makes no sense
"""

from backend.contract.errors import LocoError


class QemuError(LocoError):
    """Base of the errors of this package."""


class ProgramError(QemuError):
    """QEMU is missing, too old, or ended by itself; the text says what to install or where its log lies."""


class ImageError(QemuError):
    """The disk image cannot be used; the text says why."""


class MonitorError(QemuError):
    """A QMP monitor does not answer, or refuses a command."""


class CommandError(MonitorError):
    """QEMU refused a command, and goes on."""


class SnapshotError(QemuError):
    """A snapshot cannot be made or loaded."""


class SupervisorError(QemuError):
    """Nobody who could start QEMU again answers; the text says what to do instead."""


class DisplayError(QemuError):
    """The D-Bus peer broke off or sent something that makes no sense."""


def first_error(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The error that tells most of a group: a broken monitor is only the sign of something else."""
    found = [first_error(error) if isinstance(error, BaseExceptionGroup) else error for error in group.exceptions]
    return next((error for error in found if not isinstance(error, MonitorError)), found[0])
