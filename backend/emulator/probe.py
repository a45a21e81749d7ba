"""What the probes of a pod ask: the emulator's program on its socket, and QEMU on its monitor.

Runs every few seconds in a process of its own, so it loads nothing but sockets and answers within two seconds.
"""

import socket
from dataclasses import dataclass
from pathlib import Path

from backend.contract.errors import WireError
from backend.contract.reading import json_object
from backend.contract.status import GuestReport, GuestState
from backend.qemu.run_directory import RunDirectory

YES, NO, SILENCE = 0, 1, 3
"""Exit statuses; 2 is for wrong settings."""
ANSWER_S = 0.9
"""For each of two answers: a process that is not stuck needs a few ms, 0.2 s on a machine that is too small."""
_MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Verdict:
    """Exit status, and the sentence that the pod's events show."""

    status: int
    reason: str


def ask(kind: str, run_directory: Path) -> Verdict:
    """Answer the probe ``kind``: startup, ready or live."""
    directory = RunDirectory(run_directory)
    try:
        report = GuestReport.from_json(json_object(_first_line(directory.supervisor), "The answer"))
    except (OSError, WireError) as error:
        return Verdict(SILENCE, f"The emulator's program does not answer at {directory.supervisor}: {error}.")
    if kind == "startup":
        return Verdict(YES, "The emulator's program is up.")
    if report.state is GuestState.RUNNING:
        return _of_qemu(directory)
    words = " ".join(filter(None, (f"The guest is {report.state.value}.", report.reason)))
    # Alive nevertheless: its program starts QEMU again by itself.
    return Verdict(YES if kind == "live" else NO, words)


def _of_qemu(directory: RunDirectory) -> Verdict:
    """The monitor greets whoever connects, as long as QEMU's main loop turns."""
    try:
        json_object(_first_line(directory.control), "QEMU's greeting")
    except (OSError, WireError) as error:
        return Verdict(NO, f"QEMU does not answer: {error}.")
    return Verdict(YES, "The guest runs.")


def _first_line(path: Path) -> bytes:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(ANSWER_S)
        connection.connect(str(path))
        line = b""
        while not line.endswith(b"\n") and len(line) < _MAX_BYTES:
            more = connection.recv(_MAX_BYTES)
            if not more:
                break
            line += more
    return line
