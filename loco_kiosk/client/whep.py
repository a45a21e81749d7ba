"""WebRTC sessions over HTTP (WHEP, draft-ietf-wish-whep), through the backend's broker."""

import logging
import uuid
from dataclasses import dataclass
from urllib.parse import urljoin

import aiohttp

from backend.contract.routes import CORRELATION_HEADER, RECOVER, WHEP
from loco_kiosk.client.errors import BackendError, WhepError
from loco_kiosk.client.http import NETWORK_ERRORS, describe_answer, describe_error

log = logging.getLogger(__name__)

_POST_TIMEOUT = aiohttp.ClientTimeout(total=15.0)
"""A streamer that is just starting answers late; asking it again sooner would only be more work for it."""
_DELETE_TIMEOUT = aiohttp.ClientTimeout(total=1.0)
"""Only a courtesy: a streamer notices a lost viewer by itself."""
_MAX_ANSWER_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Resource:
    """A session at the streamer."""

    answer: str
    url: str


class WhepClient:
    """Opens and closes sessions of one backend."""

    def __init__(self, http: aiohttp.ClientSession, backend_url: str) -> None:
        self._http = http
        self._base = backend_url.rstrip("/")

    async def open(self, instance: str, offer: str) -> Resource:
        """POST the offer.

        Raises:
            WhepError: refused, or nobody answers.
        """
        url = self._base + WHEP.format(id=instance)
        headers = {"Content-Type": "application/sdp", CORRELATION_HEADER: uuid.uuid4().hex[:12]}
        try:
            async with self._http.post(url, data=offer, headers=headers, timeout=_POST_TIMEOUT) as response:
                if response.status != 201:
                    raise WhepError(await describe_answer(response, "The backend"))
                body = await response.content.read(_MAX_ANSWER_BYTES)
                location = response.headers.get("Location", "")
        except NETWORK_ERRORS as error:
            raise WhepError(describe_error(error, "The backend")) from error
        if not location:
            raise WhepError("The streamer's answer names no session (no Location); update the streamer.")
        return Resource(body.decode("utf-8", "replace"), urljoin(url, location))

    async def close(self, resource: Resource) -> None:
        """DELETE the session; a failure is only logged."""
        try:
            async with self._http.delete(resource.url, timeout=_DELETE_TIMEOUT):
                pass
        except NETWORK_ERRORS as error:
            log.debug("session %s not deleted: %s", resource.url, error)

    async def recover(self, instance: str, level: str = "reset") -> None:
        """Reset the guest, or with level ``restart`` the whole emulator.

        Raises:
            BackendError: refused, or nobody answers.
        """
        url = self._base + RECOVER.format(id=instance)
        try:
            async with self._http.post(url, json={"level": level}, timeout=_POST_TIMEOUT) as response:
                if response.status >= 300:
                    raise BackendError(await describe_answer(response, "The backend"))
        except NETWORK_ERRORS as error:
            raise BackendError(describe_error(error, "The backend")) from error


def http_session(headers: dict[str, str] | None = None) -> aiohttp.ClientSession:
    """The viewer's HTTP client. One per wall; ``headers`` is where authentication goes."""
    return aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(total=15.0))
