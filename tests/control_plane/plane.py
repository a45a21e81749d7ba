"""A real Kubernetes control plane on this machine: etcd, API server and the controllers of endpoints; no nodes.

Its programs are looked for in ``$KUBEBUILDER_ASSETS``, where controller tests in Go have them, then on the PATH. Pods
are written through the API, their status as well, as a kubelet would write it. Their addresses are of a range for
documentation (RFC 5737), and their service has no port, so that nobody connects to them.
"""

import asyncio
import json
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

PROGRAMS = ("etcd", "kube-apiserver", "kube-controller-manager")
START_S = 90
"""API server and controllers read much before they answer; on a slow disk and a busy machine that takes a while."""
ADMIN, BACKEND = "token-of-the-admin", "token-of-the-backend"
NAMESPACE, SERVICE = "loco", "emu"
OF_ENDPOINTS = ("endpoint", "endpointslice")
OF_WORKLOADS = ("statefulset", "deployment", "replicaset", "garbagecollector")
"""They make pods; without a scheduler and nodes these wait for a place."""
RULES = (
    {"apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": ["get", "list", "watch"]},
    {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]},
    {
        "apiGroups": [""],
        "resources": ["endpoints"],
        "resourceNames": [SERVICE],
        "verbs": ["get", "list", "watch"],
    },
)
"""What the chart's Role allows."""


def program(name: str) -> str | None:
    """Where a program is; None where it is not."""
    assets = os.environ.get("KUBEBUILDER_ASSETS", "")
    return shutil.which(name, path=os.pathsep.join(filter(None, (assets, os.environ.get("PATH", "")))))


def missing() -> str:
    """Which programs there are not; empty when all are there."""
    return ", ".join(name for name in PROGRAMS if program(name) is None)


class ControlPlane:
    """A running control plane, and its client with all rights."""

    def __init__(self, directory: Path, controllers: Collection[str]) -> None:
        self.kubeconfig = directory / "kubeconfig"
        """Of who may what the backend may."""
        self.admin_kubeconfig = directory / "admin.kubeconfig"
        self._controllers = ",".join(controllers)
        self._directory = directory
        self._etcd, peers, self._port = free_ports(3)
        self.url = f"https://127.0.0.1:{self._port}"
        self._peers = peers
        self._tls = ssl.create_default_context()
        self._tls.check_hostname, self._tls.verify_mode = False, ssl.CERT_NONE  # made by the server for itself
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._client: aiohttp.ClientSession

    async def start(self, stack: AsyncExitStack) -> None:
        """Start everything, with one namespace, its service and the backend's Role."""
        self._client = await stack.enter_async_context(
            aiohttp.ClientSession(headers={"Authorization": f"Bearer {ADMIN}"}, base_url=self.url)
        )
        stack.push_async_callback(self._stop)
        self._write_files()
        await self._spawn("etcd", *self._etcd_words())
        await self.start_api_server()
        await self._spawn("kube-controller-manager", *self._controller_words())
        await self._prepare()

    async def start_api_server(self) -> None:
        """Start it, and wait until it is ready."""
        await self._spawn("kube-apiserver", *self._server_words())
        async with asyncio.timeout(START_S):
            while not await self._is_ready():
                assert self._running["kube-apiserver"].returncode is None, self.log("kube-apiserver")
                await asyncio.sleep(0.1)

    async def kill_api_server(self) -> None:
        """As a crash of it would."""
        process = self._running.pop("kube-apiserver")
        process.kill()
        await process.wait()

    def log(self, name: str) -> str:
        """The end of what a program said."""
        return (self._directory / f"{name}.log").read_text(errors="replace")[-3000:]

    async def ask(self, method: str, path: str, body: object = None, kind: str = "application/json") -> Any:
        """One request with all rights; it must succeed."""
        data = None if body is None else json.dumps(body)
        async with self._client.request(
            method, path, data=data, ssl=self._tls, headers={"Content-Type": kind}
        ) as answer:
            assert answer.status < 300, f"{method} {path}: {answer.status} {await answer.text()}"
            return await answer.json()

    async def _is_ready(self) -> bool:
        try:
            async with self._client.get("/readyz", ssl=self._tls) as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def _prepare(self) -> None:
        await self.ask("POST", "/api/v1/namespaces", {"metadata": {"name": NAMESPACE}})
        rbac = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{NAMESPACE}"
        await self.ask("POST", f"{rbac}/roles", {"metadata": {"name": "backend"}, "rules": RULES})
        role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "backend"}
        subject = {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "backend"}
        binding = {"metadata": {"name": "backend"}, "roleRef": role, "subjects": [subject]}
        await self.ask("POST", f"{rbac}/rolebindings", binding)
        spec = {"clusterIP": "None", "selector": {"app": SERVICE}}
        service = {"metadata": {"name": SERVICE}, "spec": spec}
        await self.ask("POST", f"/api/v1/namespaces/{NAMESPACE}/services", service)

    def _write_files(self) -> None:
        tokens = f'{ADMIN},admin,1,"system:masters"\n{BACKEND},backend,2\n'
        (self._directory / "tokens.csv").write_text(tokens)
        self.kubeconfig.write_text(self._kubeconfig(BACKEND))
        self.admin_kubeconfig.write_text(self._kubeconfig(ADMIN))
        command = ["openssl", "genrsa", "-out", str(self._directory / "accounts.pem"), "2048"]
        subprocess.run(command, check=True, capture_output=True)

    def _kubeconfig(self, token: str) -> str:
        cluster = {"server": self.url, "insecure-skip-tls-verify": True}
        context = {"cluster": "here", "user": "here", "namespace": NAMESPACE}
        return json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": "here",
                "clusters": [{"name": "here", "cluster": cluster}],
                "contexts": [{"name": "here", "context": context}],
                "users": [{"name": "here", "user": {"token": token}}],
            }
        )

    def _etcd_words(self) -> list[str]:
        client, peers = (f"http://127.0.0.1:{port}" for port in (self._etcd, self._peers))
        return [
            *("--data-dir", str(self._directory / "etcd"), "--listen-client-urls", client),
            *("--advertise-client-urls", client, "--listen-peer-urls", peers),
            *("--initial-advertise-peer-urls", peers, "--initial-cluster", f"default={peers}"),
        ]

    def _server_words(self) -> list[str]:
        accounts = self._directory / "accounts.pem"
        return [
            f"--etcd-servers=http://127.0.0.1:{self._etcd}",
            *(
                "--bind-address=127.0.0.1",
                f"--secure-port={self._port}",
                f"--cert-dir={self._directory / 'certificates'}",
            ),
            *("--authorization-mode=RBAC", f"--token-auth-file={self._directory / 'tokens.csv'}"),
            *("--service-account-issuer=https://here", f"--service-account-key-file={accounts}"),
            *(f"--service-account-signing-key-file={accounts}", "--service-cluster-ip-range=10.0.0.0/24"),
            "--disable-admission-plugins=ServiceAccount",  # no token, and so no volume of it, in pods without a kubelet
            "--advertise-address=127.0.0.1",
            "--endpoint-reconciler-type=none",
        ]

    def _controller_words(self) -> list[str]:
        return [
            *(f"--kubeconfig={self.admin_kubeconfig}", f"--controllers={self._controllers}"),
            *("--leader-elect=false", "--port=0", "--secure-port=0"),
        ]

    async def _spawn(self, name: str, *words: str) -> None:
        path = program(name)
        assert path is not None, f"{name} is missing"
        with (self._directory / f"{name}.log").open("ab") as log:
            self._running[name] = await asyncio.create_subprocess_exec(
                *("setpriv", "--pdeathsig", "KILL", "--", path, *words), stdout=log, stderr=log, cwd=self._directory
            )

    async def _stop(self) -> None:
        for process in reversed(self._running.values()):
            if process.returncode is None:
                process.kill()
            await process.wait()


def free_ports(count: int) -> list[int]:
    """Ports that nothing listens on just now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Pods:
    """Writes pods as scheduler and kubelet would."""

    def __init__(self, plane: ControlPlane) -> None:
        self._plane = plane
        self._path = f"/api/v1/namespaces/{NAMESPACE}/pods"

    async def create(self, ordinal: int, *, ready: bool = True) -> None:
        """A pod on a node, with an address."""
        metadata = {"name": f"emu-{ordinal}", "labels": {"app": SERVICE}}
        container = {"name": "emulator", "image": "nothing"}
        spec = {"nodeName": "node-1", "automountServiceAccountToken": False, "containers": [container]}
        await self._plane.ask("POST", self._path, {"metadata": metadata, "spec": spec})
        await self.set_ready(ordinal, ready=ready)

    async def set_ready(self, ordinal: int, *, ready: bool) -> tuple[float, float]:
        """Change its readiness; monotonic times of sending that and of the answer, which comes once it is committed."""
        address = f"198.51.100.{ordinal + 1}"
        condition = {"type": "Ready", "status": "True" if ready else "False"}
        status = {
            "phase": "Running",
            "podIP": address,
            "podIPs": [{"ip": address}],
            "conditions": [condition],
            "containerStatuses": [
                {
                    "name": "emulator",
                    "image": "nothing",
                    "imageID": "",
                    "ready": ready,
                    "restartCount": 0,
                    "state": {"running": {"startedAt": "2026-01-01T00:00:00Z"}},
                }
            ],
        }
        sent_s = time.monotonic()
        path = f"{self._path}/emu-{ordinal}/status"
        await self._plane.ask("PATCH", path, {"status": status}, "application/merge-patch+json")
        return sent_s, time.monotonic()

    async def delete(self, ordinal: int) -> None:
        """At once, as after the grace period."""
        await self._plane.ask("DELETE", f"{self._path}/emu-{ordinal}", {"gracePeriodSeconds": 0})


@asynccontextmanager
async def control_plane(directory: Path, controllers: Collection[str] = OF_ENDPOINTS) -> AsyncIterator[ControlPlane]:
    """A control plane of its own in ``directory``; gone afterwards."""
    async with AsyncExitStack() as stack:
        plane = ControlPlane(directory, controllers)
        await plane.start(stack)
        yield plane
