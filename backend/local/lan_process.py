"""The guests' switch, a process of its own: no busy backend holds a frame up, and one that breaks ends nothing else."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from backend.local.child import Child
from backend.local.plan import LanPlan

HTTP_SOCKET = "lan.http"
"""In the directory that holds the run directories of the guests: nobody else on this machine can ask the switch."""


def lan_address(plan: LanPlan, run_root: Path) -> str:
    """Where the switch tells of itself."""
    return plan.http or str(run_root / HTTP_SOCKET)


def lan_child(plan: LanPlan, run_root: Path, environment: Mapping[str, str]) -> Child:
    """Keeps the switch of the guests below ``run_root`` running; its rooms are in the settings file."""
    arguments = (*plan.arguments, "--directory", str(run_root), "--http", lan_address(plan, run_root))
    return Child("the guests' switch", lambda: _start(arguments, environment))


async def _start(arguments: Sequence[str], environment: Mapping[str, str]) -> asyncio.subprocess.Process:
    # A group of its own, not a session: see backend.qemu.process.
    return await asyncio.create_subprocess_exec(
        *("setpriv", "--pdeathsig", "KILL", "--", sys.executable, "-P", "-m", "backend.lan", *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        env=dict(environment),
        process_group=0,
    )
