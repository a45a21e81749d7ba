import asyncio
import signal

import pytest

from backend.contract.retry import Backoff
from backend.contract.tasks import TaskScope
from backend.local import child
from backend.local.child import Child
from tests.backend.fake_streamer import until

FAST = Backoff(initial_s=0.01, maximum_s=0.02)


async def start(*command: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(*command)


async def run(kept: Child) -> TaskScope:
    tasks = TaskScope("test")
    tasks.spawn(kept.run(), "child")
    await until(lambda: kept.pid is not None)
    return tasks


async def test_a_child_that_ends_is_started_again() -> None:
    kept = Child("test", lambda: start("false"), backoff=FAST)
    tasks = await run(kept)
    await until(lambda: kept.starts >= 3)
    await tasks.close()


async def test_stopping_at_the_moment_of_its_end_is_not_taken_for_a_failure() -> None:
    """asyncio's processes raise ProcessLookupError when signalled just after their end."""

    class Ended:
        pid = 1

        async def wait(self) -> int:
            await waiting.wait()
            return 0

        def send_signal(self, number: int) -> None:
            waiting.set()
            raise ProcessLookupError(f"no process for signal {number}")

    async def ended() -> Ended:
        return Ended()

    waiting = asyncio.Event()
    kept = Child("test", ended, backoff=FAST)
    tasks = TaskScope("test")
    task = tasks.spawn(kept.run(), "child")
    await until(lambda: kept.pid is not None)
    await tasks.close()
    assert task.cancelled()


async def test_one_that_cannot_be_started_is_tried_again() -> None:
    attempts = 0

    async def fail() -> asyncio.subprocess.Process:
        nonlocal attempts
        attempts += 1
        if attempts < 3:
            raise FileNotFoundError("no such program")
        return await start("sleep", "60")

    tasks = await run(Child("test", fail, backoff=FAST))
    await tasks.close()


async def test_stopping_ends_it_and_waits() -> None:
    processes: list[asyncio.subprocess.Process] = []

    async def note() -> asyncio.subprocess.Process:
        processes.append(await start("sleep", "60"))
        return processes[-1]

    kept = Child("test", note)
    tasks = await run(kept)
    await tasks.close()
    assert [process.returncode for process in processes] == [-signal.SIGTERM]
    assert kept.pid is None


async def test_one_that_ignores_the_request_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    processes: list[asyncio.subprocess.Process] = []

    async def deaf() -> asyncio.subprocess.Process:
        script = "trap '' TERM; echo ready; while :; do sleep 0.05; done"
        process = await asyncio.create_subprocess_exec("sh", "-c", script, stdout=asyncio.subprocess.PIPE)
        assert process.stdout is not None
        await process.stdout.readline()
        processes.append(process)
        return process

    monkeypatch.setattr(child, "STOP_S", 0.1)
    tasks = await run(Child("test", deaf))
    await tasks.close()
    assert processes[0].returncode == -signal.SIGKILL
