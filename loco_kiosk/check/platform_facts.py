"""What the check ran on."""

import os
import platform
import shutil
import subprocess

_PROGRAM_TIMEOUT_S = 5


def facts(qemu: str = "qemu-system-x86_64") -> dict[str, str | int]:
    """Operating system, kernel, processor cores, Python and QEMU of this machine."""
    return {
        "os": _operating_system(),
        "kernel": platform.release(),
        "machine": platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 0,
        "python": platform.python_version(),
        "qemu": _qemu_version(qemu),
    }


def _operating_system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"


def _qemu_version(program: str) -> str:
    """First line of its version, or why there is none: a kiosk beside a remote backend needs no QEMU."""
    if shutil.which(program) is None:
        return "not installed"
    try:
        done = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=_PROGRAM_TIMEOUT_S, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        return f"does not start: {error}"
    return done.stdout.partition("\n")[0].removeprefix("QEMU emulator version ")
