import os

import pytest

from backend.qemu.monitor import connect
from tests.backend.qemu.conftest import Boot


@pytest.mark.qemu
async def test_the_virtual_cpu_waits_before_qemu_itself(boot: Boot) -> None:
    async with boot() as machine:
        await machine.until(lambda: bool(machine.damages), "a picture")
        qemu = machine.emulator.pid
        assert qemu is not None
        async with connect(machine.emulator._directory.control) as monitor:
            (cpu,) = await monitor.execute("query-cpus-fast")
        assert os.path.exists(f"/proc/{qemu}/task/{cpu['thread-id']}")  # noqa: ASYNC240
        own, virtual = (os.getpriority(os.PRIO_PROCESS, thread) for thread in (qemu, cpu["thread-id"]))
        assert virtual == min(19, own + 10)
