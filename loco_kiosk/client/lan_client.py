"""Asks the backend for the machines' network, while somebody looks at it."""

import asyncio
from collections.abc import Callable

import aiohttp

from backend.contract.errors import LocoError, WireError
from backend.contract.lan import LanStatus
from backend.contract.reading import json_object
from backend.contract.retry import Backoff, forever
from backend.contract.routes import LAN
from loco_kiosk.client.errors import BackendError
from loco_kiosk.client.http import NETWORK_ERRORS, describe_answer, describe_error
from loco_kiosk.client.lan_view import LanView

PERIOD_S = 1.0
"""Counters are read by people."""
_TIMEOUT = aiohttp.ClientTimeout(total=4.0)
_BACKOFF = Backoff(initial_s=1.0, maximum_s=3.0)


class LanClient:
    """Tells ``on_news`` each second how the network is, and why it cannot where it cannot."""

    def __init__(self, http: aiohttp.ClientSession, backend_url: str, on_news: Callable[[LanView], None]) -> None:
        self._http = http
        self._url = backend_url.rstrip("/") + LAN
        self._on_news = on_news
        self._status: LanStatus | None = None

    async def run(self) -> None:
        """Ask until cancelled."""
        await forever(
            f"network of {self._url}",
            self._attempt,
            failures=(BackendError,),
            backoff=_BACKOFF,
            on_failure=lambda error, _count, _delay_s: self._on_news(LanView(self._status, str(error))),
        )

    async def _attempt(self, healthy: Callable[[], None]) -> None:
        while True:
            self._status = await self._ask()
            healthy()
            self._on_news(LanView(self._status))
            await asyncio.sleep(PERIOD_S)

    async def _ask(self) -> LanStatus:
        try:
            async with self._http.get(self._url, timeout=_TIMEOUT) as response:
                if response.status != 200:
                    self._status = None if response.status == 404 else self._status
                    raise BackendError(await describe_answer(response, "The backend"))
                return LanStatus.from_json(json_object(await response.read(), "The network's status"))
        except (*NETWORK_ERRORS, WireError) as error:
            text = str(error) if isinstance(error, LocoError) else describe_error(error, "The backend")
            raise BackendError(text) from error
