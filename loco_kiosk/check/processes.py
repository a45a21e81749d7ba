"""What the processes of our own tree cost, from /proc (proc(5)). Elsewhere than on Linux: nothing."""

import contextlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from loco_kiosk.check.report import ProcessCost

_PROC = Path("/proc")
_INSTANCE = re.compile(r"instance-\d+")


@dataclass(frozen=True, slots=True)
class Process:
    """One process at one moment."""

    pid: int
    parent: int
    started: int
    """Clock ticks since boot; with the pid it names a process for ever."""
    name: str
    """The name that the kernel has, of at most 15 characters."""
    command: tuple[str, ...]
    cpu_s: float


def snapshot(root: int, proc: Path = _PROC) -> dict[int, Process]:
    """``root`` and all its descendants, by pid."""
    everyone: dict[int, Process] = {}
    for directory in proc.glob("[0-9]*"):
        # A process may end between the listing and the look.
        with contextlib.suppress(OSError, ValueError, IndexError):
            process = _read(directory)
            everyone[process.pid] = process
    return {pid: process for pid, process in everyone.items() if _descends(pid, root, everyone)}


def costs(before: Mapping[int, Process], root: int, proc: Path = _PROC) -> tuple[ProcessCost, ...]:
    """What every process that lives now cost since ``before``, by role."""
    now = snapshot(root, proc)
    found = []
    for pid, process in sorted(now.items()):
        earlier = before.get(pid)
        spent = process.cpu_s
        if earlier is not None and earlier.started == process.started:
            spent -= earlier.cpu_s
        role, identity = role_of(process, now, root)
        rss_mib, pss_mib = _memory(proc / str(pid))
        found.append(ProcessCost(role, identity, spent, rss_mib, pss_mib))
    order = ("kiosk", "backend", "streamer", "qemu", "other")
    return tuple(sorted(found, key=lambda cost: (order.index(cost.role), cost.id)))


def age_s(process: Process, proc: Path = _PROC) -> float:
    """How long ago a process was started."""
    uptime_s = float((proc / "uptime").read_text().split()[0])
    return uptime_s - process.started / os.sysconf("SC_CLK_TCK")


def role_of(process: Process, everyone: Mapping[int, Process], root: int) -> tuple[str, str]:
    """Role of a process, and the instance or the name that tells it from others of that role."""
    if process.pid == root:
        return "kiosk", ""
    command = process.command
    text = " ".join(command)
    instance = _INSTANCE.search(text) or _INSTANCE.search(process.name)
    parent = everyone.get(process.parent)
    if command and "qemu-system" in Path(command[0]).name:
        return "qemu", instance[0] if instance else str(process.pid)
    if "backend.local.nursery_process" in command:
        if parent is not None and "backend.local.nursery_process" in parent.command:
            return "streamer", instance[0] if instance else str(process.pid)
        return "backend", "nursery"
    if "backend.lan" in command:
        return "backend", "switch"
    if "backend.streamer" in command or "loco-streamer" in text:
        return "streamer", instance[0] if instance else str(process.pid)
    if "backend" in command or "loco-backend" in text:
        return "backend", ""
    return "other", process.name


def _descends(pid: int, root: int, everyone: Mapping[int, Process]) -> bool:
    while pid != root:
        if pid not in everyone:
            return False
        pid = everyone[pid].parent
    return True


def _read(directory: Path) -> Process:
    # The name stands in brackets and may itself hold brackets and spaces.
    head, _, rest = (directory / "stat").read_text(errors="replace").rpartition(")")
    fields: Sequence[str] = rest.split()
    command = (directory / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    return Process(
        pid=int(directory.name),
        parent=int(fields[1]),
        started=int(fields[19]),
        name=head.partition("(")[2],
        command=tuple(part for part in command if part),
        cpu_s=(int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"),
    )


def _memory(directory: Path) -> tuple[float, float]:
    """Resident and proportional memory in MiB; 0 where the kernel does not say."""
    found = {"Rss": 0.0, "Pss": 0.0}
    with contextlib.suppress(OSError):
        for line in (directory / "smaps_rollup").read_text().splitlines():
            name, _, value = line.partition(":")
            if name in found:
                found[name] = int(value.split()[0]) / 1024
    return found["Rss"], found["Pss"]
