"""Who waits when the processor is short: the virtual CPUs, before what carries input, picture and sound."""

import logging
import os

from backend.qemu.errors import CommandError
from backend.qemu.monitor import Monitor

log = logging.getLogger(__name__)

_STEP = 10
_LOWEST = 19


async def let_virtual_cpus_yield(monitor: Monitor) -> None:
    """Give the threads of the virtual CPUs a lower priority than QEMU's own.

    QEMU looks at its display from a timer that it sets anew after each look, so each millisecond that its main thread
    waits for a processor makes every later picture later. A guest that never idles would make it wait.
    """
    try:
        for cpu in await monitor.execute("query-cpus-fast"):
            thread = int(cpu["thread-id"])
            niceness = min(_LOWEST, os.getpriority(os.PRIO_PROCESS, thread) + _STEP)
            os.setpriority(os.PRIO_PROCESS, thread, niceness)
    except (CommandError, OSError, KeyError, TypeError, ValueError) as error:
        log.warning("the virtual CPUs keep their priority: %s", error)
