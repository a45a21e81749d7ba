"""A pretended API server over real HTTP: list, watch, bookmarks, and everything that goes wrong with them."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.kube_api.cluster import KINDS, Cluster, Selector, event_for, line_of


@dataclass(slots=True)
class Fault:
    """Answers requests with an error."""

    status: int
    verb: str = ""
    """``list``, ``watch``, ``probe``; empty for all."""
    kind: str = ""
    times: float = float("inf")


@dataclass(slots=True)
class Behaviour:
    """What the server does beside its duty; tests change it while it runs."""

    token: str = ""
    """The only one that is accepted; empty: all are."""
    faults: list[Fault] = field(default_factory=list)
    gone_as_status: bool = False
    """410 as the status of the answer, where real servers send an ERROR event inside an answer of 200."""
    storm: bool = False
    """Every watch is told 410."""
    cut_next_line: bool = False
    """The next event ends in its middle, with the connection."""
    garble_next_line: bool = False
    end_watches_after_s: float = float("inf")
    """Server's own limit of a watch, if shorter than what the client asks for."""
    bookmark_every_s: float = 60.0
    delay_s: float = 0.0
    """Before each answer."""
    deaf: bool = False
    """Watches stay open and tell nothing."""


@dataclass(slots=True)
class Watch:
    """One open watch."""

    kind: str
    selector: Selector
    told: int
    """Version up to which it was told everything."""
    agent: str = ""
    """Program that watches."""


class KubeApiServer:
    """Serves one :class:`Cluster`. ``requests`` tells what was asked, newest last."""

    def __init__(self, cluster: Cluster | None = None, *, tls: ssl.SSLContext | None = None) -> None:
        self.cluster = cluster or Cluster()
        self.behaviour = Behaviour()
        self.requests: list[tuple[str, str]] = []
        """Verb and kind."""
        self.parameters: list[dict[str, str]] = []
        self.port = 0
        self.on_write: Callable[[str, str], None] = lambda _kind, _agent: None
        """Told, before events are written, of which kind they are and which program gets them."""
        self._tls = tls
        self._runner: web.AppRunner | None = None
        self._pages: dict[str, tuple[list[Any], int]] = {}

    @property
    def url(self) -> str:
        """Where it listens; stays the same after a restart."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen, at the same port as before."""
        app = web.Application()
        app.router.add_get("/api/v1/namespaces/{namespace}/{kind}", self._serve)
        app.router.add_get("/apis/discovery.k8s.io/v1/namespaces/{namespace}/{kind}", self._serve)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, ssl_context=self._tls, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening and end all connections."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def restart(self, down_s: float = 0.0) -> None:
        """Come back with a new watch cache: every older version is gone."""
        await self.stop()
        self.cluster.forget_history()
        await asyncio.sleep(down_s)
        await self.start()

    def asked(self, verb: str, kind: str = "pods") -> int:
        """How many such requests there were."""
        return self.requests.count((verb, kind))

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        kind, query = request.match_info["kind"], request.query
        verb = "watch" if query.get("watch") else "probe" if query.get("resourceVersion") == "0" else "list"
        self.requests.append((verb, kind))
        self.parameters.append(dict(query))
        await asyncio.sleep(self.behaviour.delay_s)
        if self.behaviour.token and request.headers.get("Authorization", "") != f"Bearer {self.behaviour.token}":
            return _status(401, "Unauthorized")
        if kind not in KINDS:
            return _status(404, "the server could not find the requested resource")
        if fault := self._fault(verb, kind):
            return _status(fault.status, f"pretended fault {fault.status}")
        selector = Selector.parse(
            request.match_info["namespace"], query.get("labelSelector", ""), query.get("fieldSelector", "")
        )
        if verb == "watch":
            return await self._watch(request, kind, selector)
        return self._list(request, kind, selector)

    def _fault(self, verb: str, kind: str) -> Fault | None:
        for fault in self.behaviour.faults:
            if fault.times > 0 and fault.verb in ("", verb) and fault.kind in ("", kind):
                fault.times -= 1
                return fault
        return None

    def _list(self, request: web.Request, kind: str, selector: Selector) -> web.Response:
        collection = self.cluster.collections[kind]
        limit = int(request.query.get("limit", "0"))
        if token := request.query.get("continue"):
            if token not in self._pages:
                return _status(410, "The provided continue parameter is too old")
            items, version = self._pages.pop(token)
        else:
            items, version = (
                [item for item in collection.objects.values() if selector.chooses(item)],
                collection.version,
            )
        page, rest = (items[:limit], items[limit:]) if limit else (items, [])
        metadata: dict[str, object] = {"resourceVersion": str(version)}
        if rest:
            token = f"page-{len(self._pages)}-{version}"
            self._pages[token] = (rest, version)
            metadata |= {"continue": token, "remainingItemCount": len(rest)}
        bare = [{key: value for key, value in item.items() if key not in ("kind", "apiVersion")} for item in page]
        api_version, name = KINDS[kind]
        return web.json_response(
            {"kind": f"{name}List", "apiVersion": api_version, "metadata": metadata, "items": bare}
        )

    async def _watch(self, request: web.Request, kind: str, selector: Selector) -> web.StreamResponse:
        collection = self.cluster.collections[kind]
        since = int(request.query["resourceVersion"])
        gone = self.behaviour.storm or since < collection.oldest
        if gone and self.behaviour.gone_as_status:
            return _status(410, f"too old resource version: {since} ({collection.oldest})")
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        try:
            await response.prepare(request)
            if gone:
                expired = _body(410, f"too old resource version: {since} ({collection.oldest})", "Expired")
                await response.write(line_of("ERROR", expired))
                return response
            limit_s = min(float(request.query.get("timeoutSeconds", "1800")), self.behaviour.end_watches_after_s)
            await self._follow(response, Watch(kind, selector, since, request.headers.get("User-Agent", "")), limit_s)
        except (TimeoutError, ConnectionError):
            return response
        return response

    async def _follow(self, response: web.StreamResponse, watch: "Watch", limit_s: float) -> None:
        try:
            async with asyncio.timeout(limit_s), asyncio.TaskGroup() as tasks:
                tasks.create_task(self._bookmark(response, watch))
                await self._tell(response, watch)
        except ExceptionGroup as errors:
            _, others = errors.split(ConnectionError)
            raise others or ConnectionResetError from errors

    async def _tell(self, response: web.StreamResponse, watch: "Watch") -> None:
        collection = self.cluster.collections[watch.kind]
        while True:
            async with collection.changed:
                while not (fresh := collection.since(watch.told)):
                    await collection.changed.wait()
            if not self.behaviour.deaf:
                lines = [line for entry in fresh if (line := event_for(entry, watch.selector)) is not None]
                text = b"".join(lines)
                self.on_write(watch.kind, watch.agent)
                await self._write(response, text)
            watch.told = fresh[-1].version

    async def _write(self, response: web.StreamResponse, lines: bytes) -> None:
        if self.behaviour.garble_next_line:
            self.behaviour.garble_next_line = False
            lines = b'{"type":"MODIFIED","object":' + b"\n"
        if self.behaviour.cut_next_line:
            self.behaviour.cut_next_line = False
            await response.write(lines[: len(lines) // 2])
            raise ConnectionResetError
        await response.write(lines)

    async def _bookmark(self, response: web.StreamResponse, watch: "Watch") -> None:
        """Of what the watch told already, and no later version."""
        while True:
            await asyncio.sleep(self.behaviour.bookmark_every_s)
            api_version, name = KINDS[watch.kind]
            if not self.cluster.collections[watch.kind].since(watch.told):
                watch.told = max(watch.told, self.cluster.collections[watch.kind].version)
            mark = {"kind": name, "apiVersion": api_version, "metadata": {"resourceVersion": str(watch.told)}}
            await response.write(line_of("BOOKMARK", mark))


@asynccontextmanager
async def serving(cluster: Cluster | None = None, tls: ssl.SSLContext | None = None) -> AsyncIterator[KubeApiServer]:
    """A running server, stopped afterwards."""
    server = KubeApiServer(cluster, tls=tls)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


def _status(code: int, message: str) -> web.Response:
    return web.json_response(_body(code, message), status=code)


def _body(code: int, message: str, reason: str = "") -> dict[str, object]:
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": message,
        "reason": reason,
        "code": code,
    }


def kubeconfig(url: str, *, token: str = "", namespace: str = "loco", authority: str = "") -> str:
    """Text of a kubeconfig file for a server."""
    cluster: dict[str, object] = {"server": url}
    if authority:
        cluster["certificate-authority"] = authority
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "fake",
            "clusters": [{"name": "fake", "cluster": cluster}],
            "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "fake", "namespace": namespace}}],
            "users": [{"name": "fake", "user": {"token": token} if token else {}}],
        }
    )
