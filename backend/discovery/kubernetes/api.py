"""Requests to the API server: raw JSON over one pool of connections.

The library's client sends (see ``signed_client``). Ours are the time limits, the split into lines, the count and the
errors. Its models are not used: nothing is decoded but JSON.
"""

import asyncio
import os
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from backend.discovery.kubernetes import credentials as known
from backend.discovery.kubernetes.credentials import Credentials
from backend.discovery.kubernetes.errors import ConnectionLostError, GarbledError, of_status
from backend.discovery.kubernetes.limits import Limits
from backend.discovery.kubernetes.signed_client import SignedClient
from backend.discovery.kubernetes.statistics import ApiCall, Statistics

_PLAIN = Limits()
LINE_LIMIT = 16 << 20
"""etcd keeps no object over 1.5 MiB; a longer line is garbage."""
BURST_LIMIT = 1 << 20


class KubeApi:
    """One pool of connections to one API server. Threading: one event loop. Close it, or use it as a context."""

    def __init__(self, client: SignedClient, statistics: Statistics, limits: Limits) -> None:
        """Made by :meth:`load`."""
        self.statistics = statistics
        self.limits = limits
        self._client = client
        self._lost = 0

    @classmethod
    async def load(
        cls,
        statistics: Statistics,
        *,
        kubeconfig: Path | None = None,
        context: str = "",
        strict_tls: bool = False,
        limits: Limits = _PLAIN,
    ) -> "KubeApi":
        """Find the cluster: the kubeconfig that is named, else the pod's service account, else the usual kubeconfig.

        Raises:
            ClusterConfigError: none of them is there or usable; the text says what to set.
        """
        return await cls.sign_in(known.find(kubeconfig, context), statistics, strict_tls=strict_tls, limits=limits)

    @classmethod
    async def sign_in(
        cls,
        credentials: Credentials,
        statistics: Statistics,
        *,
        strict_tls: bool = False,
        limits: Limits = _PLAIN,
    ) -> "KubeApi":
        """Use these credentials; nothing is sent yet.

        Raises:
            ClusterConfigError: they cannot be used.
        """
        client = SignedClient(credentials, strict_tls=strict_tls)
        await client.open()
        return cls(client, statistics, limits)

    @property
    def namespace(self) -> str:
        """Of the pod, or of the kubeconfig's context; ``default`` where neither says."""
        return self._client.credentials.namespace

    @property
    def server(self) -> str:
        """URL, for people."""
        return self._client.server

    async def get(self, path: str, params: Mapping[str, str], *, resource: str, verb: str) -> dict[str, Any]:
        """One JSON object.

        Raises:
            ApiStatusError: the server answered with an error.
            ConnectionLostError: it did not answer in full or in time.
            GarbledError: its answer is not a JSON object.
        """
        patience = self._patience(self.limits.silence_s, total_s=self.limits.list_s)
        async with self._answer(path, params, patience, (resource, verb)) as reply:
            text = await reply.read()
        return _json_object(text)

    async def stream(self, path: str, params: Mapping[str, str], *, resource: str) -> AsyncGenerator[list[bytes], None]:
        """The lines of a watch: complete lines that arrived together come as one list.

        The first list is empty and comes as soon as the server has accepted the watch.

        Raises:
            ApiStatusError, ConnectionLostError: as for :meth:`get`; also for silence and an end inside a line.
        """
        patience = self._patience(self.limits.idle_s)
        async with self._answer(path, params, patience, (resource, "watch")) as reply:
            yield []
            rest = b""
            async for chunk in reply.content.iter_any():
                *lines, rest = (rest + chunk + await _rest_of_burst(reply.content)).split(b"\n")
                if len(rest) > LINE_LIMIT:
                    raise GarbledError(f"the API server sent a line of more than {LINE_LIMIT >> 20} MiB")
                if lines:
                    yield lines
        if rest:
            raise ConnectionLostError("the connection ended inside a line")

    async def close(self) -> None:
        """End all connections."""
        await self._client.close()

    async def __aenter__(self) -> "KubeApi":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _patience(self, silence_s: float, *, total_s: float | None = None) -> aiohttp.ClientTimeout:
        connect_s = self.limits.connect_s * (3 if self._lost % 3 == 2 else 1)
        return aiohttp.ClientTimeout(total=total_s, sock_connect=connect_s, sock_read=silence_s)

    @asynccontextmanager
    async def _answer(
        self, path: str, params: Mapping[str, str], patience: aiohttp.ClientTimeout, call: tuple[str, str]
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """A good answer whose body is still to be read; errors in our words, those of the body too."""
        reply: aiohttp.ClientResponse | None = None
        try:
            reply = await self._signed(path, params, patience, call)
            if reply.status != 200:
                raise of_status(reply.status, _message(await reply.read()))
            yield reply
        except (aiohttp.ClientError, OSError) as error:
            raise ConnectionLostError(_cause(error)) from error
        finally:
            if reply is not None:
                reply.release()

    async def _signed(
        self, path: str, params: Mapping[str, str], patience: aiohttp.ClientTimeout, call: tuple[str, str]
    ) -> aiohttp.ClientResponse:
        """Sent with our credentials, and once more where the server refuses them and there are newer ones."""
        token = self._client.token
        try:
            reply = await self._counted(path, params, patience, call)
        except aiohttp.ClientSSLError:
            await self._client.renewed(token)
            raise
        if reply.status == 401 and await self._client.renewed(token):
            reply.release()
            reply = await self._counted(path, params, patience, call)
        return reply

    async def _counted(
        self, path: str, params: Mapping[str, str], patience: aiohttp.ClientTimeout, call: tuple[str, str]
    ) -> aiohttp.ClientResponse:
        began_s, code = time.monotonic(), "lost"
        try:
            async with asyncio.timeout((patience.sock_connect or 0) + self.limits.silence_s):
                reply = await self._client.send(path, params, patience)
            code, self._lost = str(reply.status), 0
        except (aiohttp.ClientError, OSError):
            self._lost += 1
            raise
        finally:
            self.statistics.called(ApiCall(*call, code, time.monotonic() - began_s))
        return reply


async def _rest_of_burst(content: aiohttp.StreamReader) -> bytes:
    """What the kernel holds already: where everything changes at once, that is one change, not one for each read."""
    parts: list[bytes] = []
    while sum(map(len, parts)) < BURST_LIMIT:
        await asyncio.sleep(0)  # the loop looks at its sockets,
        await asyncio.sleep(0)  # and reads them
        if content.exception() is not None or not (part := content.read_nowait()):
            break  # an error is told with the next read, after what came before it
        parts.append(part)
    return b"".join(parts)


def _json_object(text: bytes) -> dict[str, Any]:
    try:
        body = orjson.loads(text)
    except ValueError as error:
        raise GarbledError(f"the API server's answer is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise GarbledError("the API server's answer is no JSON object")
    return body


def _message(text: bytes) -> str:
    """The server's own words: of a Status object, or of whatever stands in front of the server."""
    try:
        return str(_json_object(text).get("message", ""))
    except GarbledError:
        return text.decode(errors="replace")


def _cause(error: Exception) -> str:
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return f"the certificate of the API server is not trusted ({error.certificate_error})"
        case aiohttp.ClientConnectorError() if error.os_error.errno and error.os_error.errno > 0:
            return f"cannot connect to the API server ({os.strerror(error.os_error.errno).lower()})"
        case TimeoutError():
            return "the API server does not answer"
        case aiohttp.ClientPayloadError() | aiohttp.ServerDisconnectedError() | ConnectionError():
            return "the connection to the API server broke"
        case _:
            return f"no answer of the API server ({str(error) or type(error).__name__})"
