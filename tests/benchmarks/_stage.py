"""A pretended cluster and, on request, the real backend beside it, each a process of its own."""

import asyncio
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from backend.contract import routes
from tests.benchmarks._streamers import address_of
from tests.fakes.kube_api.objects import endpoint_slice, pod
from tests.fakes.kube_api.process import KubeApiProcess, running
from tests.fakes.kube_api.server import kubeconfig

ROOT = Path(__file__).resolve().parents[2]
LIKE_A_REAL_POD = 6000
"""Bytes that make a pod 7 KiB long, as the recorded ones are."""
PER_SLICE = 100
OUR_AGENT = "loco-backend"


class HasKubeconfig(Protocol):
    """A cluster, pretended or real, with a service ``emu`` in the namespace ``loco``."""

    @property
    def kubeconfig(self) -> Path:
        """The file; the backend's own files are written beside it."""


class Stage:
    """A cluster of so many pods, whose streamers all answer."""

    def __init__(self, api: KubeApiProcess, pods: int, streamer_port: int, directory: Path) -> None:
        self.kubeconfig = directory / "kubeconfig"
        self.kubeconfig.write_text(kubeconfig(api.url))
        self._api = api
        self._ready = [True] * pods
        self._port = streamer_port
        self._api.tell({"put_all": "pods", "objects": [self._pod(ordinal) for ordinal in range(pods)]})
        self._tell_slices(range(pods))

    async def change(self, ordinals: Iterable[int], *, ready: bool, agent: str = OUR_AGENT) -> float:
        """Make pods ready or not, all at once; the monotonic time when the bytes went out to ``agent``."""
        changed = list(ordinals)
        for ordinal in changed:
            self._ready[ordinal] = ready
        self._api.tell({"put_all": "pods", "objects": [self._pod(ordinal) for ordinal in changed]})
        self._tell_slices(changed)
        while True:
            said = await self._api.said()
            if said.get("wrote") == "pods" and str(said["agent"]).startswith(agent):
                return float(str(said["at_s"]))

    def _pod(self, ordinal: int) -> dict[str, object]:
        ready = self._ready[ordinal]
        return pod(ordinal, ip=address_of(ordinal), ready=ready, port=self._port, padding=LIKE_A_REAL_POD)

    def _tell_slices(self, ordinals: Iterable[int]) -> None:
        for number in sorted({ordinal // PER_SLICE for ordinal in ordinals}):
            first = number * PER_SLICE
            pods = [self._pod(ordinal) for ordinal in range(first, min(first + PER_SLICE, len(self._ready)))]
            self._api.tell({"put": "endpointslices", "object": endpoint_slice(f"emu-{number}", pods, port=self._port)})


@asynccontextmanager
async def staged(pods: int) -> AsyncIterator[Stage]:
    """A pretended cluster."""
    with tempfile.TemporaryDirectory(prefix="loco-bench-") as name:
        async with running(pods=0) as api, program("tests.benchmarks._streamers") as streamers:
            assert streamers.stdout is not None
            port = int(await streamers.stdout.readline())
            yield Stage(api, pods, port, Path(name))


@asynccontextmanager
async def program(
    module: str, *arguments: str, errors: Path | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A Python program of this checkout, killed afterwards; ``errors`` is where its log goes."""
    process = await asyncio.create_subprocess_exec(
        *("setpriv", "--pdeathsig", "KILL", "--", sys.executable, "-m", module, *arguments),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=None if errors is None else errors.open("wb"),
        limit=1 << 26,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


class Backend:
    """The real backend, and what it says."""

    def __init__(self, url: str, pid: int, session: aiohttp.ClientSession, started_s: float) -> None:
        self.url = url
        self.started_s = started_s
        self.arrived: dict[str, tuple[str, float]] = {}
        """State of each instance by the event stream, and when it arrived."""
        self._pid = pid
        self._session = session

    async def follow(self) -> None:
        """Follow the event stream, for ever."""
        async with self._session.ws_connect(self.url + routes.EVENTS, max_msg_size=0) as socket:
            async for message in socket:
                now_s = time.monotonic()
                event = message.json()
                for instance in event.get("instances", [event["instance"]] if "instance" in event else []):
                    if self.arrived.get(instance["id"], ("", 0))[0] != instance["state"]:
                        self.arrived[instance["id"]] = (instance["state"], now_s)

    async def live(self) -> dict[str, str]:
        """State of each instance by ``/api/instances/live``."""
        async with self._session.get(self.url + routes.LIVE) as answer:
            document = json.loads(await answer.read())
        return {instance["id"]: instance["state"] for instance in document["instances"]}

    async def published(self) -> dict[float, float]:
        """The backend's histogram from the arrival of bytes until they were published: counts, by upper bound in s."""
        async with self._session.get(self.url + routes.METRICS) as answer:
            families = text_string_to_metric_families(await answer.text())
            return {
                float(sample.labels["le"]): sample.value
                for family in families
                for sample in family.samples
                if sample.name == "loco_discovery_publish_seconds_bucket"
            }

    @property
    def memory_mib(self) -> float:
        """Resident, now."""
        return int(Path(f"/proc/{self._pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

    @property
    def cpu_s(self) -> float:
        """Used so far."""
        fields = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def backend(stage: HasKubeconfig, instances: int) -> AsyncIterator[Backend]:
    """The real backend in kubernetes mode, with all instances ready."""
    config = stage.kubeconfig.with_name("loco.toml")
    config.write_text(
        f'[kubernetes]\nkubeconfig = "{stage.kubeconfig}"\nnamespace = "loco"\nservice = "emu"\n'
        'label_selector = "app=emu"\n'
    )
    ready = stage.kubeconfig.with_name("ready")
    arguments = ("--config", str(config), "--kubernetes", "--port", "0", "--ready-file", str(ready))
    began_s = time.monotonic()
    async with program("backend", *arguments, errors=stage.kubeconfig.with_name("backend.log")) as process:
        await until(ready.is_file, 30)
        url = json.loads(ready.read_text())["url"]
        async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
            one = Backend(url, process.pid, session, 0.0)
            follower = tasks.create_task(one.follow())
            await until(lambda: _ready(one) == instances, 120)
            one.started_s = time.monotonic() - began_s
            yield one
            follower.cancel()
        process.send_signal(signal.SIGTERM)
        await process.wait()


def _ready(one: Backend) -> int:
    return sum(state == "ready" for state, _ in one.arrived.values())


async def until(condition: Callable[[], object], timeout_s: float, step_s: float = 0.002) -> None:
    """Wait for a condition, which must come true in time."""
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110 - the conditions are of many kinds
            await asyncio.sleep(step_s)
