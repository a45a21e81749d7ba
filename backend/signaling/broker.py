"""WHEP between viewers and streamers (draft-ietf-wish-whep), through one pool of connections."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import aiohttp
from yarl import URL

from backend.contract import logs, problem, routes
from backend.contract.errors import WireError
from backend.contract.instance import Instance, InstanceState, RecoverLevel
from backend.discovery.pool import Requests
from backend.signaling.errors import (
    InstanceLostError,
    RequestError,
    StreamerFailedError,
    StreamerRefusedError,
    StreamerSlowError,
    UnknownInstanceError,
    UnknownSessionError,
)

TIMEOUT_S = 8.0
"""A streamer answers an offer within a second; gathering through a slow STUN server takes up to five."""
CONNECT_TIMEOUT_S = 2.0
MAX_ANSWER_BYTES = 256 * 1024
_SESSION = re.compile(r"[A-Za-z0-9._~-]{1,128}")
_PASSED_DOWN = ("Content-Type", "If-Match")
_PASSED_UP = ("Content-Type", "ETag", "Link", "Accept-Patch")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a streamer answered, for the viewer."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class Broker:
    """Forwards requests of viewers to streamers. Owns nothing: sessions live in the streamers."""

    def __init__(
        self,
        find: Callable[[str], Instance | None],
        client: Requests,
        *,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._find = find
        self._client = client
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, sock_connect=CONNECT_TIMEOUT_S)

    async def open(self, instance_id: str, offer: bytes, headers: Mapping[str, str]) -> Reply:
        """Hand an SDP offer to the streamer; the reply's Location is a path of this backend.

        Raises:
            RequestError: with the status and words for the viewer.
        """
        reply = await self._forward(instance_id, "POST", routes.STREAMER_WHEP, offer, headers)
        if reply.status == 201:
            session = URL(reply.headers.get("Location", "")).name
            if not _SESSION.fullmatch(session):
                raise StreamerFailedError(f"The streamer of {instance_id} opened a session without saying where.")
            reply.headers["Location"] = routes.WHEP_SESSION.format(id=instance_id, session=session)
        return reply

    async def change(
        self, instance_id: str, session: str, method: str, body: bytes, headers: Mapping[str, str]
    ) -> Reply:
        """PATCH (trickle ICE, ICE restart) or DELETE a session.

        Raises:
            RequestError: with the status and words for the viewer.
        """
        if not _SESSION.fullmatch(session):
            raise UnknownSessionError(f"{session!r:.60} is no session. Open one by POST to the instance's whep path.")
        path = routes.STREAMER_WHEP_SESSION.format(session=session)
        return await self._forward(instance_id, method, path, body, headers)

    async def recover(self, instance_id: str, level: RecoverLevel) -> Reply:
        """Ask the streamer to reset its guest, or to have its emulator started anew.

        Raises:
            RequestError: with the status and words for the viewer.
        """
        body = json.dumps({"level": level}).encode()
        return await self._forward(
            instance_id, "POST", routes.STREAMER_RECOVER, body, {"Content-Type": "application/json"}
        )

    async def _forward(
        self, instance_id: str, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> Reply:
        url = self._base_url(instance_id).with_path(path)
        sent = {name: headers[name] for name in _PASSED_DOWN if name in headers}
        sent[routes.CORRELATION_HEADER] = logs.correlation_id.get()
        try:
            async with self._client.request(method, url, data=body, headers=sent, timeout=self._timeout) as response:
                answer = await _read(response)
                return _reply(instance_id, response, answer)
        except aiohttp.ClientConnectorError as error:
            raise InstanceLostError(
                f"The streamer of {instance_id} does not accept connections: it is starting again, or its machine is "
                "down. Try again in some seconds."
            ) from error
        except TimeoutError as error:
            raise StreamerSlowError(
                f"The streamer of {instance_id} did not answer within {self._timeout.total:g} s. Try again; when it "
                "stays so, restart it."
            ) from error
        except (aiohttp.ClientError, asyncio.IncompleteReadError, ValueError) as error:
            raise StreamerFailedError(f"The streamer of {instance_id} broke off. Try again in some seconds.") from error

    def _base_url(self, instance_id: str) -> URL:
        instance = self._find(instance_id)
        if instance is None:
            raise UnknownInstanceError(
                f"There is no instance {instance_id!r:.60}. {routes.INSTANCES} lists those that there are."
            )
        if instance.state in {InstanceState.LOST, InstanceState.GONE} or not instance.addresses or not instance.port:
            reason = instance.reason or "It has no address yet."
            raise InstanceLostError(f"{instance_id} cannot be reached now. {reason}")
        return URL.build(scheme="http", host=instance.addresses[0], port=instance.port)


async def _read(response: aiohttp.ClientResponse) -> bytes:
    answer = await response.content.read(MAX_ANSWER_BYTES + 1)
    while len(answer) <= MAX_ANSWER_BYTES and (more := await response.content.read(MAX_ANSWER_BYTES)):
        answer += more
    if len(answer) > MAX_ANSWER_BYTES:
        raise StreamerFailedError(f"The streamer answered with more than {MAX_ANSWER_BYTES} bytes.")
    return answer


def _reply(instance_id: str, response: aiohttp.ClientResponse, answer: bytes) -> Reply:
    if response.status >= 500:
        raise StreamerFailedError(f"The streamer of {instance_id} failed: {_words(answer)}")
    if response.status >= 400:
        raise _refusal(response.status, answer)
    headers = {name: ", ".join(response.headers.getall(name)) for name in _PASSED_UP if name in response.headers}
    if "Location" in response.headers:
        headers["Location"] = response.headers["Location"]
    return Reply(response.status, answer, headers)


def _refusal(status: int, answer: bytes) -> RequestError:
    try:
        told = problem.Problem.from_json(answer)
    except WireError:
        return StreamerRefusedError(_words(answer), status=status, title="Refused by the streamer")
    return StreamerRefusedError(told.detail, status=status, title=told.title)


def _words(answer: bytes) -> str:
    try:
        return problem.Problem.from_json(answer).detail
    except WireError:
        return answer[:200].decode(errors="replace").strip() or "it said nothing."
