"""What the guests' switch tells of itself, fetched from ``loco-lan`` when somebody asks."""

import asyncio
import json
import time
from types import TracebackType
from typing import Self

import aiohttp

from backend.contract.errors import LocoError
from backend.contract.lan import LanStatus
from backend.contract.reading import json_object
from backend.contract.routes import LAN
from backend.lan.addresses import Address, read_address
from backend.signaling.errors import RequestError

FRESH_S = 0.5
"""Kiosks ask once a second while somebody looks; however many they are, the switch answers at most twice."""
TIMEOUT_S = 2.0
MAX_BYTES = 8 * 1024 * 1024
"""Two hundred guests in one room are twenty thousand pairs of 110 bytes."""


class LanOffError(RequestError):
    """There is no switch for the guests of this wall."""

    status = 404
    title = "No guest LAN"


class LanAwayError(RequestError):
    """The switch does not answer; guests talk again as soon as it does."""

    status = 503
    title = "Guest LAN not reachable"
    retry_after_s = 1


class LanFailedError(RequestError):
    """The switch answered with something that it must not."""

    status = 502
    title = "Guest LAN failed"
    retry_after_s = 1


class LanSource:
    """Asks the switch at ``address``: ``HOST:PORT``, or the path of a unix socket; "" where there is none.

    An answer, also a failure, serves everybody for :data:`FRESH_S`.
    """

    def __init__(self, address: str = "") -> None:
        """Raises SettingsError where ``address`` is none."""
        self._address = read_address(address, "lan") if address else None
        self._http: aiohttp.ClientSession | None = None
        self._asking = asyncio.Lock()
        self._body = b""
        self._failure: RequestError | None = None
        self._asked_s = float("-inf")
        self.asked = 0
        """Times the switch was asked."""
        self.failed = 0
        """Of these, without a good answer."""

    async def __aenter__(self) -> Self:
        """Nothing is connected before somebody asks."""
        path = self._address.path if self._address else ""
        connector = aiohttp.UnixConnector(path) if path else aiohttp.TCPConnector()
        self._http = aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=TIMEOUT_S))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the connection."""
        if self._http is not None:
            await self._http.close()
            self._http = None

    @property
    def up(self) -> bool:
        """Whether the switch answered when it was last asked."""
        return bool(self._body) and self._failure is None

    async def body(self) -> bytes:
        """The status document as JSON.

        Raises:
            LanOffError: there is no switch.
            LanAwayError: it does not answer.
            LanFailedError: its answer is none.
        """
        if self._address is None:
            raise LanOffError(
                "The guests of this wall have no network of their own: set 'enabled = true' in [lan], or tell by 'lan' "
                "in [backend] where loco-lan is."
            )
        async with self._asking:
            if time.monotonic() - self._asked_s >= FRESH_S:
                await self._ask(self._address)
        if self._failure is not None:
            raise self._failure
        return self._body

    async def _ask(self, address: Address) -> None:
        self.asked += 1
        try:
            self._body, self._failure = await self._fetch(address), None
        except RequestError as error:
            self._failure = error
            self.failed += 1
        self._asked_s = time.monotonic()

    async def _fetch(self, address: Address) -> bytes:
        assert self._http is not None, "used outside of its context"
        url = f"http://{'lan' if address.path else address}{LAN}"
        try:
            async with self._http.get(url) as response:
                if response.status != 200:
                    raise LanFailedError(f"The guests' switch answered {response.status}; its log says why.")
                text = await _read(response.content)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise LanAwayError(
                "The guests' switch (loco-lan) does not answer. The guests run on, and talk again once it is back; "
                "where nothing starts it again by itself, start it."
            ) from error
        try:
            # Read and written anew: callers get what the API's document promises, whatever version the switch has.
            return json.dumps(LanStatus.from_json(json_object(text, "The answer of the switch")).to_json()).encode()
        except LocoError as error:
            raise LanFailedError(f"The guests' switch speaks otherwise than expected: {error}") from error


async def _read(content: aiohttp.StreamReader) -> bytes:
    text = b""
    while part := await content.readany():
        text += part
        if len(text) > MAX_BYTES:
            raise LanFailedError("The guests' switch answered with more than any switch has to tell.")
    return text
