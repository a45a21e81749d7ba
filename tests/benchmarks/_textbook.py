"""Runs the textbook pipeline on the same guests: one aiortc sender a guest, one receiver for all."""

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from backend.qemu.emulator import Emulator
from backend.qemu.settings import guest_settings
from tests.benchmarks._product import ROOT, environment

PROBE = ("16", "16", "64", "48")
READY_WITHIN_S = 30.0


async def measure(directory: Path, scene: str, instances: int, seconds: float) -> dict[str, Any]:
    """Figures of the receiver; the senders live as long as it measures."""
    async with guests(directory, scene, instances) as run_directories:
        return await measure_on(run_directories, directory, seconds)


async def measure_on(run_directories: list[Path], directory: Path, seconds: float) -> dict[str, Any]:
    """The same with guests that run already."""
    async with AsyncExitStack() as stack:
        ports, clocks = [], []
        for run_directory in run_directories:
            ports.append(free_port())
            clocks.append(directory / f"{run_directory.name}.clock")
            await stack.enter_async_context(_sender(run_directory, ports[-1], clocks[-1]))
        return await _receive(ports, clocks, seconds)


@asynccontextmanager
async def guests(directory: Path, scene: str, instances: int) -> AsyncIterator[list[Path]]:
    """Demo guests without streamers; their run directories."""
    table = {"guest": {"extra_arguments": ["-fw_cfg", f"name=opt/loco/scene,string={scene}"]}}
    async with AsyncExitStack() as stack:
        run_directories = []
        for number in range(instances):
            name = f"instance-{number}"
            run_directory = directory / f"t{number}"
            run_directory.mkdir(mode=0o700)
            await stack.enter_async_context(_emulator(name, table, run_directory, directory / f"{name}.state"))
            run_directories.append(run_directory)
        yield run_directories


@asynccontextmanager
async def _emulator(name: str, table: dict[str, Any], run_directory: Path, state: Path) -> AsyncIterator[None]:
    emulator = Emulator(
        instance=name,
        settings=guest_settings(table, name),
        run_directory=run_directory,
        state_directory=state,
        on_report=lambda _report: None,
    )
    task = asyncio.get_running_loop().create_task(emulator.run(), name=name)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


@asynccontextmanager
async def _sender(run_directory: Path, port: int, clock: Path) -> AsyncIterator[None]:
    command = [sys.executable, "-m", "tests.benchmarks._textbook_sender", "--directory", str(run_directory)]
    command += ["--port", str(port), "--clock", str(clock)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment())
    try:
        await until_listening(port)
        yield
    finally:
        process.terminate()
        await process.wait()


async def _receive(ports: list[int], clocks: list[Path], seconds: float) -> dict[str, Any]:
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks._textbook_receiver",
        "--seconds",
        str(seconds),
        "--probe",
        *PROBE,
    ]
    for port, clock in zip(ports, clocks, strict=True):
        command += ["--port", str(port), "--clock", str(clock)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE)
    output, _ = await process.communicate()
    figures: dict[str, Any] = json.loads(output)
    return figures


def free_port() -> int:
    with socket.socket() as sample:
        sample.bind(("127.0.0.1", 0))
        port: int = sample.getsockname()[1]
        return port


async def until_listening(port: int) -> None:
    async with asyncio.timeout(READY_WITHIN_S):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
