"""Follows the backend's roster over ``/api/events``, for ever."""

import asyncio
import logging
import time
from collections.abc import Callable

import aiohttp

from backend.contract.errors import LocoError, WireError
from backend.contract.events import DiscoveryState, event_from_json
from backend.contract.retry import Backoff, forever
from backend.contract.routes import EVENTS
from loco_kiosk.client.backend_view import BackendView
from loco_kiosk.client.errors import BackendError
from loco_kiosk.client.http import NETWORK_ERRORS, describe_error
from loco_kiosk.client.roster import Roster

log = logging.getLogger(__name__)

_SILENCE_S = 15.0
"""The backend tells its freshness every few seconds; longer silence is a dead connection."""
_BACKOFF = Backoff(initial_s=0.2, maximum_s=5.0)
_MAX_EVENT_BYTES = 4 * 1024 * 1024
LOST_S = 30.0
"""A backend that has been away for this long does not come back by itself: somebody should look."""


class BackendClient:
    """Keeps :attr:`roster` true while :meth:`run` runs; stale while the backend is away."""

    def __init__(self, http: aiohttp.ClientSession, url: str, on_change: Callable[[], None]) -> None:
        self.roster = Roster()
        self.unreadable = 0
        """Events that did not fit the contract."""
        self._http = http
        self._url = url.rstrip("/")
        self._on_change = on_change
        self._connected = False
        self._reason = "Not connected yet."
        self._heard_s = time.monotonic()

    @property
    def view(self) -> BackendView:
        """As of now."""
        roster = self.roster
        now_s = time.monotonic()
        return BackendView(
            url=self._url,
            connected=self._connected,
            reason=self._reason,
            mode=roster.mode,
            synced=roster.synced,
            age_s=roster.age_s + now_s - self._heard_s,
            revision=roster.revision,
            state=self._state(now_s),
            doubt=roster.reason if self._connected else self._reason,
            instances=tuple(sorted(roster.instances.values(), key=lambda each: (each.slot, each.id))),
            taken_s=now_s,
        )

    async def run(self) -> None:
        """Connect, follow, connect again, until cancelled."""
        await forever(
            f"roster of {self._url}",
            self._attempt,
            failures=(BackendError,),
            backoff=_BACKOFF,
            on_failure=self._failed,
        )

    async def _attempt(self, healthy: Callable[[], None]) -> None:
        try:
            async with (
                asyncio.timeout(_SILENCE_S) as silence,
                self._http.ws_connect(self._url + EVENTS, heartbeat=10.0, max_msg_size=_MAX_EVENT_BYTES) as socket,
            ):
                async for message in socket:
                    silence.reschedule(asyncio.get_running_loop().time() + _SILENCE_S)
                    if message.type is aiohttp.WSMsgType.TEXT:
                        self._take(message.data)
                        healthy()
        except (*NETWORK_ERRORS, WireError) as error:
            text = str(error) if isinstance(error, LocoError) else describe_error(error, "The backend")
            raise BackendError(text) from error
        raise BackendError("The backend closed the connection.")

    def _state(self, now_s: float) -> DiscoveryState:
        if self._connected:
            return self.roster.state
        away_s = now_s - self._heard_s
        if away_s >= LOST_S:
            return DiscoveryState.LOST
        return DiscoveryState.INIT if self.roster.revision < 0 else DiscoveryState.STALE

    def _take(self, text: str) -> None:
        event = event_from_json(text)
        if event is None:
            self.unreadable += 1
            return
        self.roster.apply(event)
        self._heard_s = time.monotonic()
        self._connected, self._reason = True, ""
        self._on_change()

    def _failed(self, error: Exception, failures: int, delay_s: float) -> None:
        self._connected = False
        self._reason = f"{error} Trying again in {max(1, round(delay_s))} s." if failures > 1 else str(error)
        self._on_change()
