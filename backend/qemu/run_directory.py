"""The run directory: what the supervisor of a guest and its streamer share, and nothing else."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from backend.contract.errors import SettingsError, WireError
from backend.contract.lan_wiring import GUEST_SOCKET
from backend.contract.reading import boolean, integer, json_object, number, string
from backend.contract.status import GuestReport
from backend.qemu.errors import QemuError

VERSION = 1
MAX_SOCKET_PATH_BYTES = 107
"""``sun_path`` of Linux, without its final zero."""

Probe = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestFile:
    """``guest.json``: what a streamer must know of the guest; written before QEMU starts."""

    pointer: str = "auto"
    """``absolute``, ``relative``, or ``auto``: what the guest's driver chose, as QEMU reports it."""
    probe: Probe | None = None
    """x, y, width, height of an area that changes with every key press, where the guest has one."""
    snapshot: str | None = None
    """Tag of the snapshot that a reset loads."""
    sound: bool = True
    unwatched: str = "run"
    """What becomes of the guest while nobody watches: ``run``, ``slow`` or ``pause``."""
    unwatched_after_s: float = 10.0


class RunDirectory:
    """Paths in the run directory of one instance, and its small files."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.control = path / "control.qmp"
        """Monitor of the supervisor."""
        self.stream = path / "stream.qmp"
        """Monitor of the streamer: display, state, reset."""
        self.poke = path / "poke.qmp"
        """Monitor of the streamer for refresh pokes, which must not wait behind other commands."""
        self.supervisor = path / "supervisor.sock"
        """Where a supervisor in a container of its own listens; see :mod:`backend.qemu.supervisor_socket`."""
        self.log = path / "qemu.log"
        self._guest = path / "guest.json"
        self._report = path / "emulator.json"

    def create(self) -> None:
        """Make the directory, readable by its owner only.

        Raises:
            SettingsError: its path is too long for sockets, or it cannot be made.
        """
        longest = len(os.fsencode(self.control.absolute()))
        if longest > MAX_SOCKET_PATH_BYTES:
            raise SettingsError(
                f"The run directory {self.path} is {longest - MAX_SOCKET_PATH_BYTES} bytes too long for unix sockets: "
                "choose a shorter one, such as one under /run/user or /tmp."
            )
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(f"The run directory {self.path} cannot be made: {error.strerror}.") from error

    def remove_sockets(self) -> None:
        """Remove what an earlier QEMU left."""
        for path in (self.control, self.stream, self.poke, self.path / GUEST_SOCKET):
            path.unlink(missing_ok=True)

    def write_guest(self, guest: GuestFile) -> None:
        """Write ``guest.json`` whole or not at all."""
        _write(self._guest, asdict(guest) | {"version": VERSION})

    def read_guest(self) -> GuestFile:
        """Read ``guest.json``.

        Raises:
            QemuError: it is not there yet, or does not say what it should.
        """
        try:
            data = json_object(self._guest.read_bytes(), "guest.json")
            if integer(data, "version") != VERSION:
                raise QemuError(
                    f"{self._guest} has version {data['version']}, not {VERSION}: update the older program."
                )
            snapshot = string(data, "snapshot") if data.get("snapshot") is not None else None
            return GuestFile(
                pointer=string(data, "pointer"),
                probe=_read_probe(data.get("probe")),
                snapshot=snapshot,
                sound=boolean(data, "sound"),
                unwatched=string(data, "unwatched", "run"),
                unwatched_after_s=number(data, "unwatched_after_s", 10.0),
            )
        except OSError as error:
            raise QemuError("The guest is not started yet.") from error
        except WireError as error:
            raise QemuError(f"{self._guest} cannot be read: {error}") from error

    def write_report(self, report: GuestReport) -> None:
        """Write ``emulator.json``: the supervisor's view, so that a streamer can say why there is no QEMU."""
        _write(self._report, report.to_json())

    def read_report(self) -> GuestReport | None:
        """The supervisor's view; None while it has none, or where there is no supervisor of ours."""
        try:
            return GuestReport.from_json(json_object(self._report.read_bytes(), "emulator.json"))
        except (OSError, WireError):
            return None


def _read_probe(value: object) -> Probe | None:
    if value is None:
        return None
    if isinstance(value, list) and len(value) == 4 and all(isinstance(number, int) for number in value):
        return value[0], value[1], value[2], value[3]
    raise WireError("'probe' must be null or four whole numbers.")


def _write(path: Path, data: object) -> None:
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(data), encoding="utf-8")
    temporary.replace(path)
