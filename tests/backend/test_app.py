import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from backend.app import main, running
from backend.contract.errors import LocoError
from backend.contract.instance import InstanceState
from backend.contract.status import GuestState
from backend.settings import BackendSettings
from tests.backend.fake_streamer import FakeStreamer, until
from tests.fakes.kube_api.objects import endpoint_slice, pod
from tests.fakes.kube_api.server import kubeconfig
from tests.fakes.kube_api.server import serving as kube_api

ROOT = Path(__file__).resolve().parents[2]


def wall_file(tmp_path: Path, port: int = 9) -> Path:
    path = tmp_path / "wall.json"
    path.write_text(json.dumps([{"id": "instance-0", "address": "127.0.0.1", "port": port}]))
    return path


async def start(*arguments: str, descriptors: Sequence[int] = ()) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "backend", *arguments),
        cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
        pass_fds=tuple(descriptors),
    )


@asynccontextmanager
async def started(*arguments: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """A backend process that has said where it listens."""
    read, write = os.pipe()
    process = await start(*arguments, "--port", "0", "--ready-fd", str(write), descriptors=[write])
    os.close(write)
    try:
        with os.fdopen(read) as pipe:
            async with asyncio.timeout(20):
                line = await asyncio.to_thread(pipe.readline)
        yield process, json.loads(line)["url"]
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_a_whole_backend_follows_a_file(tmp_path: Path) -> None:
    async with FakeStreamer().serving() as streamer:
        settings = BackendSettings(port=0, instances_file=wall_file(tmp_path, streamer.port))
        async with running(settings, {}) as url, aiohttp.ClientSession(url) as client:
            async with asyncio.timeout(20):
                while True:
                    async with client.get("/api/instances/live") as response:
                        document = await response.json()
                    if document["summary"] == {"total": 1, "ready": 1, "not_ready": 0}:
                        break
            assert document["instances"][0]["state"] == InstanceState.READY
            async with client.post("/api/instances/refresh") as response:
                assert response.status == 200
            async with client.post("/api/instances/instance-0/recover", json={"level": "restart"}) as response:
                assert response.status == 202
            assert streamer.requests[-1][1:3] == ("/recover", b'{"level": "restart"}')


async def test_a_whole_backend_follows_a_cluster_and_the_streamers_in_it(tmp_path: Path) -> None:
    async with FakeStreamer().serving() as streamer, kube_api() as cluster:
        emulator = pod(0, ip="127.0.0.1", port=streamer.port, labels={"app": "emu"})
        await cluster.cluster.put("pods", emulator)
        await cluster.cluster.put("endpointslices", endpoint_slice("emu-1", [emulator], port=streamer.port))
        (tmp_path / "config").write_text(kubeconfig(cluster.url))
        table = {"kubeconfig": str(tmp_path / "config"), "service": "emu", "label_selector": "app=emu"}
        settings = BackendSettings(port=0, kubernetes=True)
        async with running(settings, {"kubernetes": table}) as url, aiohttp.ClientSession(url) as client:

            async def live() -> tuple[str, str, int]:
                async with client.get("/api/instances/live") as response:
                    document = await response.json()
                states = [instance["state"] for instance in document["instances"]]
                return document["mode"], document["state"], states.count("ready")

            async def reached(ready: int) -> None:
                while await live() != ("kubernetes", "live", ready):  # noqa: ASYNC110 - it asks over HTTP
                    await asyncio.sleep(0.01)

            async with asyncio.timeout(20):
                await reached(1)
                async with client.get("/readyz") as response:
                    assert response.status == 200
                streamer.change(GuestState.HUNG, "It hangs.")
                await reached(0)
            async with client.get("/api/quality") as response:
                assert (await response.json())["instances"][0]["reasons"] == ["It hangs."]
            async with client.get("/metrics") as response:
                assert 'loco_discovery_lists_total{resource="pods"} 1.0' in await response.text()


async def test_a_busy_port_starts_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = BackendSettings(port=taken.getsockname()[1], instances_file=wall_file(tmp_path))
        with pytest.raises(LocoError, match="in use"):
            async with running(settings, {}):
                pass


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        ([], 2, "--local 9"),
        (["--port", "abc"], 2, "whole number"),
        (["--config", "/no/such/file"], 2, "Cannot read the settings file"),
        (["--instances-file", "x", "--host", "198.51.100.7"], 1, "--host"),
        (["--local", "1", "--state-directory", "/proc/nowhere"], 1, "--state-directory"),
        (["--kubernetes"], 1, "kubeconfig"),
    ],
)
def test_what_keeps_it_from_running_is_one_sentence(
    arguments: list[str],
    status: int,
    words: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LOCO_KUBERNETES_KUBECONFIG", "/no/such/kubeconfig")
    assert main(arguments) == status
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said


def test_help_is_good_to_read(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    assert "loco-backend --local 9" in text
    for flag in ("--host", "--port", "--local", "--instances-file", "--state-directory", "--no-zeroconf"):
        assert flag in text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_stops_when_asked_and_ignores_a_closed_terminal(tmp_path: Path, number: signal.Signals) -> None:
    async with started("--instances-file", str(wall_file(tmp_path))) as (process, url):
        process.send_signal(signal.SIGHUP)
        async with aiohttp.ClientSession() as client, client.get(f"{url}/healthz") as response:
            assert response.status == 200
        process.send_signal(number)
        async with asyncio.timeout(20):
            _, said = await process.communicate()
        assert process.returncode == 0
        assert b"Traceback" not in said


async def test_the_ready_file_names_the_url(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    async with started("--instances-file", str(wall_file(tmp_path)), "--ready-file", str(ready)) as (_, url):
        assert json.loads(ready.read_text()) == {"url": url}


def test_the_module_needs_no_desktop() -> None:
    script = (
        "import backend.app, sys; print([name for name in sys.modules if name.startswith(('PySide6', 'loco_kiosk'))])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def children(pid: int) -> set[int]:
    """All descendants of a process."""
    found: set[int] = set()
    for task in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(task.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            child = int(task.parent.name)
            found |= {child} | children(child)
    return found


def alive(pids: set[int]) -> set[int]:
    def runs(pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    return {pid for pid in pids if runs(pid)}


@pytest.mark.qemu
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_nothing_is_left_of_guests_and_streamers_whatever_way_it_ends(
    tmp_path: Path, number: signal.Signals
) -> None:
    async with started("--local", "2", "--state-directory", str(tmp_path)) as (process, url):
        async with aiohttp.ClientSession(url) as client, asyncio.timeout(60):
            while True:
                async with client.get("/api/instances/live") as response:
                    if (await response.json())["summary"]["ready"] == 2:
                        break
                await asyncio.sleep(0.1)
        family = children(process.pid)
        assert len(family) >= 5
        process.send_signal(number)
        async with asyncio.timeout(20):
            await process.wait()
            await until(lambda: not alive(family))


@pytest.mark.qemu
async def test_one_guest_with_a_missing_image_says_so_and_the_other_runs(tmp_path: Path) -> None:
    config = tmp_path / "loco.toml"
    config.write_text(f'[guest.instance-1]\nimage = "{tmp_path}/missing.img"\n')
    async with (
        started("--local", "2", "--state-directory", str(tmp_path / "state"), "--config", str(config)) as (_, url),
        aiohttp.ClientSession(url) as client,
        asyncio.timeout(60),
    ):
        while True:
            async with client.get("/api/instances") as response:
                good, bad = (await response.json())["instances"]
            if good["state"] == "ready" and "missing.img" in bad["reason"]:
                break
            await asyncio.sleep(0.1)
        assert bad["state"] == "degraded"
