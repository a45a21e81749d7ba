"""Run and state directories, each held by a lock so that the next start can tell living from dead."""

import fcntl
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from backend.local.errors import LocalClusterError

log = logging.getLogger(__name__)

_PREFIX = "loco-kiosk-"
_LOCK = "lock"
MAX_PATH_BYTES = 70
"""Of the run directory; Unix socket paths below it are limited to 107 bytes."""


def runtime_base() -> Path:
    """Where run directories are made: short, private where the system has such a place, and gone after a reboot."""
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    usable = base.is_dir() and os.access(base, os.W_OK) and len(os.fsencode(base)) <= MAX_PATH_BYTES - 30
    return base if usable else Path("/tmp")  # noqa: S108 - mkdtemp makes an unguessable private directory in it


@contextmanager
def run_directory(base: Path) -> Iterator[Path]:
    """A new private directory, gone afterwards; also clears away those of dead predecessors."""
    _remove_stale(base)
    directory = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=base))
    try:
        with _locked(directory):
            yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def state_directory(root: Path) -> Iterator[Path]:
    """The directory with the guests' disks, for this process alone.

    Raises:
        LocalClusterError: it cannot be made, or another cluster uses it.
    """
    with ExitStack() as stack:
        try:
            root.mkdir(parents=True, exist_ok=True)
            stack.enter_context(_locked(root))
        except BlockingIOError as error:
            raise LocalClusterError(
                f"Another local cluster runs on the disks in {root}. Stop it, or choose another place with "
                "--state-directory DIRECTORY."
            ) from error
        except OSError as error:
            raise LocalClusterError(
                f"The state directory {root} cannot be used: {error.strerror}. Choose another with "
                "--state-directory DIRECTORY."
            ) from error
        yield root


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Hold the lock of ``directory``; the kernel lets go of it however this process ends."""
    descriptor = os.open(directory / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _remove_stale(base: Path) -> None:
    for directory in base.glob(f"{_PREFIX}*-*"):
        try:
            if directory.stat().st_uid != os.getuid() or not (directory / _LOCK).exists():
                continue
            with _locked(directory):
                shutil.rmtree(directory, ignore_errors=True)
                log.info("removed the run directory %s that a dead backend left", directory)
        except OSError:
            log.debug("%s is in use", directory)
