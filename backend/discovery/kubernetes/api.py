"""Requests to the API server: raw JSON over one pool of connections.

Of ``kubernetes.aio`` we use the loaders of its configuration and :class:`ApiClient`, which makes URL and headers,
signs in, knows proxies, and sends through aiohttp. Ours are the connector (keepalive, TLS context), the time limits,
the split into lines and the errors. Its models are not used: nothing is decoded but JSON.
"""

import asyncio
import json
import os
import ssl
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from kubernetes.aio.client import ApiClient, Configuration

from backend.discovery.kubernetes import credentials as known
from backend.discovery.kubernetes.connection import api_socket
from backend.discovery.kubernetes.credentials import Credentials
from backend.discovery.kubernetes.errors import ConnectionLostError, GarbledError, of_status
from backend.discovery.kubernetes.limits import Limits
from backend.discovery.kubernetes.statistics import ApiCall, Statistics
from backend.discovery.kubernetes.tls import context_for, load_files

_PLAIN = Limits()
CONNECTIONS = 16
READ_BUFFER = 4 << 20
LINE_LIMIT = 16 << 20
"""etcd keeps no object over 1.5 MiB; a longer line is garbage."""
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity"}
"""Packing a list takes the API server longer than sending it."""


class KubeApi:
    """One pool of connections to one API server. Threading: one event loop. Close it, or use it as a context."""

    def __init__(
        self,
        configuration: Configuration,
        credentials: Credentials,
        tls: ssl.SSLContext,
        statistics: Statistics,
        limits: Limits,
    ) -> None:
        """Made by :meth:`load`."""
        self.statistics = statistics
        self.limits = limits
        self._credentials = credentials
        self._tls = tls
        self._connector = aiohttp.TCPConnector(ssl=tls, limit=CONNECTIONS, socket_factory=api_socket)
        configuration.client_session_kwargs = {"connector": self._connector, "read_bufsize": READ_BUFFER}
        self._client = ApiClient(configuration)
        self._client.user_agent = "loco-backend"
        self._renewing = asyncio.Lock()

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
        configuration = Configuration()
        await credentials.read(configuration)
        if credentials.each_request:
            # The library calls, and awaits, what its types say is None.
            configuration.refresh_api_key_hook = credentials.read  # type: ignore[assignment]
        tls = context_for(known.tls_files(configuration), strict=strict_tls)
        return cls(configuration, credentials, tls, statistics, limits)

    @property
    def namespace(self) -> str:
        """Of the pod, or of the kubeconfig's context; ``default`` where neither says."""
        return self._credentials.namespace

    @property
    def server(self) -> str:
        """URL, for people."""
        return str(self._client.configuration.host)

    async def get(self, path: str, params: Mapping[str, str], *, resource: str, verb: str) -> dict[str, Any]:
        """One JSON object.

        Raises:
            ApiStatusError: the server answered with an error.
            ConnectionLostError: it did not answer in full or in time.
            GarbledError: its answer is not a JSON object.
        """
        limits = self.limits
        patience = aiohttp.ClientTimeout(total=limits.list_s, sock_connect=limits.connect_s, sock_read=limits.silence_s)
        async with self._answer(path, params, patience, (resource, verb)) as reply:
            text = await reply.read()
        return _json_object(text)

    async def stream(self, path: str, params: Mapping[str, str], *, resource: str) -> AsyncGenerator[list[bytes], None]:
        """The lines of a watch: complete lines that arrived together come as one list.

        The first list is empty and comes as soon as the server has accepted the watch.

        Raises:
            ApiStatusError, ConnectionLostError: as for :meth:`get`; also for silence and an end inside a line.
        """
        patience = aiohttp.ClientTimeout(total=None, sock_connect=self.limits.connect_s, sock_read=self.limits.idle_s)
        async with self._answer(path, params, patience, (resource, "watch")) as reply:
            yield []
            rest = b""
            async for chunk in reply.content.iter_any():
                *lines, rest = (rest + chunk).split(b"\n")
                if len(rest) > LINE_LIMIT:
                    raise GarbledError(f"the API server sent a line of more than {LINE_LIMIT >> 20} MiB")
                if lines:
                    yield lines
        if rest:
            raise ConnectionLostError("the connection ended inside a line")

    async def close(self) -> None:
        """End all connections."""
        await self._client.close()  # type: ignore[no-untyped-call]  # the library has no types here
        await self._connector.close()

    async def __aenter__(self) -> "KubeApi":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

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
        reply = await self._counted(path, params, patience, call)
        if reply.status == 401 and await self._renewed():
            reply.release()
            reply = await self._counted(path, params, patience, call)
        return reply

    async def _counted(
        self, path: str, params: Mapping[str, str], patience: aiohttp.ClientTimeout, call: tuple[str, str]
    ) -> aiohttp.ClientResponse:
        began_s, code = time.monotonic(), "lost"
        try:
            async with asyncio.timeout(self.limits.connect_s + self.limits.silence_s):
                reply = await self._send(path, params, patience)
            code = str(reply.status)
        finally:
            self.statistics.called(ApiCall(*call, code, time.monotonic() - began_s))
        return reply

    async def _send(
        self, path: str, params: Mapping[str, str], patience: aiohttp.ClientTimeout
    ) -> aiohttp.ClientResponse:
        method, url, headers, *_ = await self._client.param_serialize(
            "GET",
            path,
            query_params=list(params.items()),
            header_params=dict(_HEADERS),
            auth_settings=["BearerToken"],
        )
        try:
            answer = await self._client.call_api(method, url, headers, _request_timeout=patience)
        except aiohttp.ClientSSLError:
            await self._renewed()
            raise
        response: aiohttp.ClientResponse = answer.response
        return response

    async def _renewed(self) -> bool:
        """Read credentials and certificates again; whether the token is another one now."""
        configuration = self._client.configuration
        before = dict(configuration.api_key)
        async with self._renewing:
            if configuration.api_key == before:
                await self._credentials.read(configuration)
                load_files(self._tls, known.tls_files(configuration))
        return bool(configuration.api_key != before)


def _json_object(text: bytes) -> dict[str, Any]:
    try:
        body = json.loads(text)
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
