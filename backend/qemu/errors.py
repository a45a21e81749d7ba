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

from collections.abc import Iterator

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


def first_error(group: ExceptionGroup[Exception], *kinds: type[Exception]) -> Exception:
    """The error that tells most of a group: a broken monitor is only the sign of something else.

    Raises:
        ExceptionGroup: the errors of other kinds than ``kinds``, if there are any.
    """
    # Not by "except*": what is raised there comes wrapped in one more group, up to Python 3.11.3.
    _, unexpected = group.split(kinds)
    if unexpected is not None:
        raise unexpected
    found = list(_leaves(group))
    return next((error for error in found if not isinstance(error, MonitorError)), found[0])


def _leaves(group: ExceptionGroup[Exception]) -> Iterator[Exception]:
    for error in group.exceptions:
        if isinstance(error, ExceptionGroup):
            yield from _leaves(error)
        else:
            yield error
