"""STUN and TURN servers as the backend tells them, for all sessions of a wall."""

import asyncio
import logging
import time

import aiohttp
from aiortc import RTCIceServer
from aiortc.rtcicetransport import parse_stun_turn_uri

from backend.contract.errors import WireError
from backend.contract.ice import IceServers
from backend.contract.routes import ICE
from loco_kiosk.client.http import NETWORK_ERRORS, describe_answer, describe_error

log = logging.getLogger(__name__)

_TIMEOUT = aiohttp.ClientTimeout(total=3.0)
_MAX_BYTES = 64 * 1024
_AGAIN_S = 30.0
"""After a failure; sessions connect without a relay meanwhile."""


class IceClient:
    """Asks the backend once for all sessions, and again when half of the credential's time is over."""

    def __init__(self, http: aiohttp.ClientSession, backend_url: str) -> None:
        self._http = http
        self._url = backend_url.rstrip("/") + ICE
        self._servers: list[RTCIceServer] = []
        self._fresh_until_s = 0.0
        self._told = ""
        self._asking = asyncio.Lock()

    async def servers(self) -> list[RTCIceServer]:
        """For one offer: of what the backend names, that which aiortc can use. Empty where there is nothing."""
        async with self._asking:
            if time.monotonic() >= self._fresh_until_s:
                await self._ask()
            return self._servers

    async def _ask(self) -> None:
        try:
            async with self._http.get(self._url, timeout=_TIMEOUT) as response:
                if response.status == 200:
                    told = IceServers.from_json(await response.content.read(_MAX_BYTES))
                    self._servers, self._fresh_until_s = usable(told), time.monotonic() + told.ttl_s / 2
                    self._told = ""
                    return
                # A backend that does not know the path has no servers either.
                failure = "" if response.status == 404 else await describe_answer(response, "The backend")
        except NETWORK_ERRORS as error:
            failure = describe_error(error, "The backend")
        except WireError as error:
            failure = str(error)
        if failure and failure != self._told:
            log.warning("no relay for media: %s", failure)
        self._told = failure
        self._servers, self._fresh_until_s = [], time.monotonic() + _AGAIN_S


def usable(told: IceServers) -> list[RTCIceServer]:
    """What aiortc understands; TURN alone where there is any, for it finds all that STUN would, and STUN takes time."""
    known = [
        RTCIceServer(url, server.username or None, server.credential or None)
        for server in told.servers
        for url in server.urls
        if _is_known(url)
    ]
    relays = [server for server in known if str(server.urls).startswith("turn")]
    return relays or known


def _is_known(url: str) -> bool:
    try:
        parse_stun_turn_uri(url)
    except ValueError:
        return False
    return True
