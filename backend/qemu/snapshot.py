"""The snapshot on first boot: waiting until the guest is ready, and saving it."""

import asyncio
import re

from backend.qemu.command_line import DEBUG_PORT, DISK
from backend.qemu.errors import SnapshotError
from backend.qemu.monitor import Monitor

TAG = "ready"
MARKER_S = 120.0
"""A guest that is not ready by then gets no snapshot."""
POLL_S = 0.02
_JOB = "loco-save"
_MARKER = re.compile(r"^R ", re.MULTILINE)


async def marker(monitor: Monitor) -> None:
    """Wait until the guest writes a line that begins with ``R`` on its debug port.

    Raises:
        SnapshotError: not within :data:`MARKER_S`.
        MonitorError: QEMU is gone.
    """
    said = ""
    try:
        async with asyncio.timeout(MARKER_S):
            while not _MARKER.search(said):
                await asyncio.sleep(POLL_S)
                # The start of a line may have been read before its end.
                rest = said[said.rfind("\n") + 1 :][-64:]
                said = rest + await monitor.execute("ringbuf-read", {"device": DEBUG_PORT, "size": 65536})
    except TimeoutError as error:
        raise SnapshotError(
            f'The guest did not write its ready marker within {MARKER_S:.0f} s: set ready = "delay" in [guest].'
        ) from error


async def save(monitor: Monitor) -> None:
    """Save the running guest as :data:`TAG`.

    Raises:
        SnapshotError: QEMU could not.
        MonitorError: QEMU is gone.
    """
    # QEMU 7.2 aborts now and then (tcg_handle_interrupt: iothread not locked) when the job itself stops the guest.
    await monitor.execute("stop")
    try:
        await _run_job(monitor)
    finally:
        await monitor.execute("cont")


async def _run_job(monitor: Monitor) -> None:
    arguments: dict[str, object] = {"job-id": _JOB, "tag": TAG, "vmstate": DISK, "devices": [DISK]}
    await monitor.execute("snapshot-save", arguments)
    while True:
        job = next(job for job in await monitor.execute("query-jobs") if job["id"] == _JOB)
        if job["status"] == "concluded":
            break
        await asyncio.sleep(POLL_S)
    await monitor.execute("job-dismiss", {"id": _JOB})
    if "error" in job:
        raise SnapshotError(f"QEMU could not save a snapshot: {job['error']}.")
