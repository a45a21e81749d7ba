"""The library's client, signed in with whatever is valid now.

Of ``kubernetes.aio`` we use the loaders of its configuration and :class:`ApiClient`, which makes URL and headers, signs
in, knows proxies, and sends through aiohttp. Ours are its connector (keepalive, TLS context) and when credentials and
certificates are read again.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import aiohttp
from kubernetes.aio.client import ApiClient, Configuration

from backend.discovery.kubernetes.connection import api_socket
from backend.discovery.kubernetes.credentials import Credentials, tls_files
from backend.discovery.kubernetes.tls import TlsFiles, context_for

CONNECTIONS = 16
READ_BUFFER = 4 << 20
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity"}
"""Packing a list takes the API server longer than sending it."""


class SignedClient:
    """One pool of connections. Threading: one event loop; made by :meth:`open`, ended by :meth:`close`."""

    def __init__(self, credentials: Credentials, *, strict_tls: bool) -> None:
        self.credentials = credentials
        self._configuration = Configuration()
        self._strict_tls = strict_tls
        self._certificates: list[bytes] = []
        self._client: ApiClient | None = None
        self._connector: aiohttp.TCPConnector | None = None
        self._renewing = asyncio.Lock()

    @property
    def server(self) -> str:
        """URL, for people."""
        return str(self._configuration.host)

    @property
    def token(self) -> str:
        """What requests are signed with; empty where a certificate does that."""
        return str(self._configuration.api_key.get("BearerToken", ""))

    async def open(self) -> None:
        """Read credentials and certificates; nothing is sent yet.

        Raises:
            ClusterConfigError: they cannot be used.
        """
        await self.credentials.read(self._configuration)
        if self.credentials.each_request:
            # The library calls, and awaits, what its types say is None.
            self._configuration.refresh_api_key_hook = self.credentials.read  # type: ignore[assignment]
        await self._connect(tls_files(self._configuration))

    async def send(
        self, path: str, params: Mapping[str, str], patience: aiohttp.ClientTimeout
    ) -> aiohttp.ClientResponse:
        """A GET; returns when the answer begins. The caller releases it.

        Raises:
            aiohttp.ClientError, OSError: there is no answer.
        """
        assert self._client is not None
        method, url, headers, *_ = await self._client.param_serialize(
            "GET",
            path,
            query_params=list(params.items()),
            header_params=dict(_HEADERS),
            auth_settings=["BearerToken"],
        )
        answer = await self._client.call_api(method, url, headers, _request_timeout=patience)
        response: aiohttp.ClientResponse = answer.response
        return response

    async def renewed(self, refused: str) -> bool:
        """Read credentials and certificates again; whether there is another token than the ``refused``.

        Raises:
            ClusterConfigError: they cannot be used any more.
        """
        async with self._renewing:
            if self.token == refused:
                await self.credentials.read(self._configuration)
                files = tls_files(self._configuration)
                if _contents(files) != self._certificates:
                    await self._connect(files)
        return self.token != refused

    async def close(self) -> None:
        """End all connections."""
        if self._client is not None:
            await self._client.close()  # type: ignore[no-untyped-call]  # the library has no types here
        if self._connector is not None:
            await self._connector.close()

    async def _connect(self, files: TlsFiles) -> None:
        """A new pool: a context keeps every authority that it was ever given. Watches of the old one begin anew."""
        tls = context_for(files, strict=self._strict_tls)
        await self.close()
        self._connector = aiohttp.TCPConnector(ssl=tls, limit=CONNECTIONS, socket_factory=api_socket)
        self._configuration.client_session_kwargs = {"connector": self._connector, "read_bufsize": READ_BUFFER}
        self._client = ApiClient(self._configuration)
        self._client.user_agent = "loco-backend"
        self._certificates = _contents(files)


def _contents(files: TlsFiles) -> list[bytes]:
    named = filter(None, (files.authority, files.certificate, files.key))
    return [Path(name).read_bytes() for name in named]
