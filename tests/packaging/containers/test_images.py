"""The images, built from nothing and run as a cluster would run them."""

import asyncio
import json
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from loco_kiosk.client.tile import TileState
from tests.integration.conftest import Viewer, until
from tests.packaging.containers.conftest import RESTRICTED, USER, Podman

pytestmark = [pytest.mark.containers, pytest.mark.timeout(600)]
INSTANCE = "instance-4"
COMPILERS = ("as", "c++", "cc", "clang", "cpp", "g++", "gcc", "ld", "make", "nasm", "pip", "pip3", "tcc")
IMPORT_ALL = """
import importlib, pkgutil, sys, backend
for module in pkgutil.walk_packages(backend.__path__, "backend."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
print(*sorted(name for name in sys.modules if name.startswith("backend.") and name.count(".") == 1))
"""


@pytest.mark.parametrize("image", ["backend", "emulator", "streamer"])
def test_an_image_holds_what_it_runs_and_no_more(podman: Podman, images: dict[str, str], image: str) -> None:
    found = podman.shell(images[image], f"for name in {' '.join(COMPILERS)}; do command -v $name; done; true")
    assert found == ""
    assert podman.shell(images[image], "find / -xdev -perm /6000 -type f") == ""
    unwanted = "PySide6* shiboken* qasync* loco_kiosk* Qt6*"
    names = " -o ".join(f"-name '{pattern}'" for pattern in unwanted.split())
    assert podman.shell(images[image], f"find / -xdev \\( {names} \\)") == ""
    qemu = podman.shell(images[image], "command -v qemu-system-x86_64; true")
    assert bool(qemu) == (image == "emulator")


@pytest.mark.parametrize(
    ("image", "rooms"),
    [
        ("backend", {"api", "app", "contract", "discovery", "lan", "settings", "signaling", "web"}),
        ("emulator", {"contract", "emulator", "local", "qemu"}),
        ("streamer", {"contract", "qemu", "streamer"}),
    ],
)
def test_an_image_has_every_library_that_its_rooms_import(
    podman: Podman, images: dict[str, str], image: str, rooms: set[str]
) -> None:
    if image == "emulator":  # the streamer's side of the guest needs numpy, which the supervisor does not
        script = "/opt/loco/bin/python3 -c 'import backend.emulator.supervision'"
        assert podman.shell(images[image], script) == ""
        return
    said = podman.shell(images[image], f"/opt/loco/bin/python3 -c '{IMPORT_ALL}'")
    assert {name.removeprefix("backend.") for name in said.split()} == rooms


@pytest.mark.parametrize("image", ["backend", "emulator", "streamer"])
def test_an_image_is_labelled_and_runs_as_nobody(podman: Podman, images: dict[str, str], image: str) -> None:
    config = podman.inspect(images[image])["Config"]
    labels = config["Labels"]
    for name in ("title", "description", "licenses", "version", "base.name"):
        assert labels[f"org.opencontainers.image.{name}"]
    assert config["User"] == f"{USER}:{USER}"
    assert config["Entrypoint"] == [f"loco-{image}"]
    assert not [variable for variable in config["Env"] if "PIP" in variable or "CERT" in variable]


def test_the_image_of_the_backend_holds_the_switch_and_its_agent(podman: Podman, images: dict[str, str]) -> None:
    for command in ("loco-lan", "loco-lan port", "loco-lan capture"):
        assert f"usage: {command} " in podman.shell(images["backend"], f"{command} --help")


def test_the_images_are_small(podman: Podman, images: dict[str, str]) -> None:
    sizes = {image: podman.inspect(name)["Size"] / 1e6 for image, name in images.items()}
    layers = {image: podman.inspect(name)["RootFS"]["Layers"] for image, name in images.items()}
    print(" ".join(f"{image}: {size:.0f} MB" for image, size in sizes.items()))
    bounds = {"backend": 200, "emulator": 250, "streamer": 370}
    assert not {image: size for image, size in sizes.items() if size > bounds[image]}
    shared = set(layers["backend"]) & set(layers["emulator"]) & set(layers["streamer"])
    assert len(shared) >= 2, "a node should store Debian and Python once"


class Pod:
    """Emulator and streamer with the volumes that they share, and a backend that lists them."""

    def __init__(self, podman: Podman, images: dict[str, str], directory: Path) -> None:
        self.podman = podman
        self.ports = free_ports(2)
        self.url = f"http://127.0.0.1:{self.ports[1]}"
        self.streamer_url = f"http://127.0.0.1:{self.ports[0]}"
        volumes = {"run": "/run/loco", "state": "/var/lib/loco"}
        for name in volumes:
            (directory / name).mkdir(mode=0o700)
            os.chown(directory / name, USER, USER)
        wall = directory / "wall.json"
        wall.write_text(json.dumps([{"id": INSTANCE, "address": "127.0.0.1", "port": self.ports[0]}]))
        directory.chmod(0o755)
        run, state = (f"--volume={directory / name}:{path}" for name, path in volumes.items())
        self.run, self.emulator = run, images["emulator"]
        # What a pod with shareProcessNamespace has: QEMU believes only a streamer whose process it can see.
        podman.start("pause", images["emulator"], "infinity", options=("--entrypoint", "sleep", "--network", "none"))
        pod = ("--hostname", "loco-emulator-4", "--pid", "container:pause")
        # It is never spoken to but by its sockets, so it needs no network.
        podman.start("emulator", images["emulator"], options=(*pod, "--network", "none", run, state))
        words = ["--instance", "auto", "--directory", "/run/loco", "--listen", f"127.0.0.1:{self.ports[0]}"]
        words += ["--media-addresses", "127.0.0.1"]
        podman.start("streamer", images["streamer"], *words, options=(*pod, "--network", "host", run))
        words = ["--instances-file", "/wall.json", "--port", str(self.ports[1])]
        podman.start(
            "backend", images["backend"], *words, options=("--network", "host", f"--volume={wall}:/wall.json:ro")
        )

    def started_at(self, name: str) -> str:
        """When a container was last started."""
        at: str = self.podman.inspect(name)["State"]["StartedAt"]
        return at

    def probe(self, kind: str) -> str:
        """What a probe says; it must say yes.

        In a container of its own: below a chroot, as in some CI, an exec would land outside of the container.
        """
        return self.podman("run", "--rm", *RESTRICTED, "--network", "none", self.run, self.emulator, "--probe", kind)


def free_ports(count: int) -> list[int]:
    """Ports that nothing listens on just now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@pytest.fixture(scope="module")
def pod(podman: Podman, images: dict[str, str]) -> Iterator[Pod]:
    directory = Path(tempfile.mkdtemp(prefix="loco-pod-", dir="/var/tmp"))
    pod = Pod(podman, images, directory)
    yield pod
    said = {name: podman.logs(name) for name in ("emulator", "streamer", "backend")}
    podman("rm", "--force", "--time", "5", *said)
    podman("rm", "--force", "--time", "0", "pause")
    shutil.rmtree(directory)
    assert not [name for name, text in said.items() if "Traceback" in text], said


@pytest.fixture
async def viewer(pod: Pod) -> AsyncIterator[Viewer]:
    """A real viewer that sees the picture."""
    await answers(f"{pod.url}/readyz")
    viewer = Viewer(pod.url)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(viewer.wall.run())
        await shows_pictures(pod, viewer)
        yield viewer
        task.cancel()


async def answers(url: str, status: int = 200, within_s: float = 30) -> str:
    """Wait for an answer; returns its text."""
    async with aiohttp.ClientSession() as http, asyncio.timeout(within_s):
        while True:
            try:
                async with http.get(url) as reply:
                    if reply.status == status:
                        return await reply.text()
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)


async def shows_pictures(pod: Pod, viewer: Viewer, more: int = 10) -> None:
    """Wait for so many more pictures."""
    seen = len(viewer.counters[INSTANCE].times_s)
    await until(
        lambda: viewer.state(INSTANCE) is TileState.LIVE and len(viewer.counters[INSTANCE].times_s) >= seen + more,
        30,
        lambda: f"{viewer.tiles}; {[pod.podman.logs(name)[-1500:] for name in ('emulator', 'streamer', 'backend')]}",
    )


async def test_the_backend_answers_read_only_without_rights(pod: Pod) -> None:
    assert await answers(f"{pod.url}/healthz")
    assert await answers(f"{pod.url}/readyz")
    wall = json.loads(await answers(f"{pod.url}/api/instances"))
    assert [instance["id"] for instance in wall["instances"]] == [INSTANCE]
    assert "<html" in await answers(f"{pod.url}/")


async def test_a_viewer_gets_the_picture_of_an_emulator_in_another_container(pod: Pod, viewer: Viewer) -> None:
    assert viewer.tiles[INSTANCE].width_px == 640
    assert "running" in await answers(f"{pod.streamer_url}/readyz")


async def test_the_probes_answer_within_two_seconds(pod: Pod, viewer: Viewer) -> None:
    began = asyncio.get_running_loop().time()
    for kind in ("startup", "ready", "live"):
        assert pod.probe(kind)
    took_s = (asyncio.get_running_loop().time() - began) / 3
    print(f"one probe, with the start of its container: {took_s * 1000:.0f} ms")
    assert took_s < 2


async def test_a_killed_streamer_leaves_the_emulator_alone_and_its_next_one_shows_it(pod: Pod, viewer: Viewer) -> None:
    emulator = pod.started_at("emulator")
    pod.podman("kill", "streamer")
    await until(lambda: viewer.state(INSTANCE) is not TileState.LIVE, 20, lambda: str(viewer.tiles))
    assert pod.probe("live") == "The guest runs."
    pod.podman("start", "streamer")
    await shows_pictures(pod, viewer)
    assert pod.started_at("emulator") == emulator


async def test_a_killed_emulator_leaves_the_streamer_alone_and_its_next_one_is_shown(pod: Pod, viewer: Viewer) -> None:
    streamer = pod.started_at("streamer")
    pod.podman("kill", "emulator")
    await answers(f"{pod.streamer_url}/readyz", 503)
    await answers(f"{pod.streamer_url}/healthz")
    pod.podman("start", "emulator")
    await shows_pictures(pod, viewer)
    assert pod.started_at("streamer") == streamer


async def test_a_restart_asked_of_the_backend_reaches_qemu_in_the_other_container(pod: Pod, viewer: Viewer) -> None:
    """By the run directory that they share: no container ends, and the viewer keeps its session."""
    before = [pod.started_at(name) for name in ("emulator", "streamer")]
    async with aiohttp.ClientSession() as http:
        url = f"{pod.url}/api/instances/{INSTANCE}/recover"
        async with http.post(url, json={"level": "restart"}) as reply:
            assert reply.status == 202, await reply.text()
    await shows_pictures(pod, viewer)
    assert "as was asked for" in pod.podman.logs("emulator")
    assert [pod.started_at(name) for name in ("emulator", "streamer")] == before


async def test_a_stop_is_short_and_orderly(pod: Pod, viewer: Viewer) -> None:
    for name in ("streamer", "emulator", "backend"):
        pod.podman("stop", "--time", "10", name)
        assert pod.podman.inspect(name)["State"]["ExitCode"] == 0, pod.podman.logs(name)
