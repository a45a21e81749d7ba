"""HTTP face of the streamer: WHEP, status, recovery, health, metrics. Errors are problem documents (RFC 9457)."""

import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from backend.contract import logs
from backend.contract.errors import LocoError, WireError
from backend.contract.instance import RecoverLevel
from backend.contract.problem import CONTENT_TYPE, Problem
from backend.contract.reading import json_object, string
from backend.contract.routes import (
    CORRELATION_HEADER,
    HEALTHZ,
    METRICS,
    READYZ,
    STREAMER_RECOVER,
    STREAMER_STATUS,
    STREAMER_STATUS_EVENTS,
)
from backend.contract.status import GuestState
from backend.streamer.errors import BusyError, OfferError, UnsupportedError
from backend.streamer.metrics import exposition
from backend.streamer.streamer import Streamer
from backend.streamer.whep import Whep

log = logging.getLogger(__name__)

MAX_BODY_BYTES = 64 * 1024
"""The longest offer of a browser has about 8 KiB."""
_RETRY_AFTER_S = 5

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(streamer: Streamer) -> web.Application:
    """The streamer's HTTP application."""
    app = web.Application(middlewares=[_problems], client_max_size=MAX_BODY_BYTES)
    pages = _Pages(streamer)
    app.add_routes(Whep(streamer).routes())
    app.add_routes(
        [
            web.get(STREAMER_STATUS, pages.status),
            web.get(STREAMER_STATUS_EVENTS, pages.events),
            web.post(STREAMER_RECOVER, pages.recover),
            web.get(HEALTHZ, pages.health),
            web.get(READYZ, pages.ready),
            web.get(METRICS, pages.metrics),
        ]
    )
    return app


@web.middleware
async def _problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    given = request.headers.get(CORRELATION_HEADER, "")
    identity = given if given.isascii() and given.isprintable() and 0 < len(given) <= 64 else secrets.token_hex(8)
    logs.correlation_id.set(identity)
    try:
        response = await handler(request)
    except web.HTTPException as error:
        response = _problem(HTTPStatus(error.status), error.text or error.reason, identity)
        if "Allow" in error.headers:
            response.headers["Allow"] = error.headers["Allow"]
    except (OfferError, WireError) as error:
        response = _problem(HTTPStatus.BAD_REQUEST, str(error), identity)
    except UnsupportedError as error:
        response = _problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), identity)
    except BusyError as error:
        response = _problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error), identity)
        response.headers["Retry-After"] = str(_RETRY_AFTER_S)
    except LocoError as error:
        response = _problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error), identity)
    except ConnectionError:
        raise
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        words = "The streamer failed; its log has the details under this correlation id."
        response = _problem(HTTPStatus.INTERNAL_SERVER_ERROR, words, identity)
    if not response.prepared:
        response.headers[CORRELATION_HEADER] = identity
    return response


def _problem(status: HTTPStatus, detail: str, identity: str) -> web.StreamResponse:
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        log.info("refused with %d: %s", status, detail)
    problem = Problem(status.value, status.phrase, detail, identity)
    return web.json_response(problem.to_json(), status=status.value, content_type=CONTENT_TYPE)


class _Pages:
    def __init__(self, streamer: Streamer) -> None:
        self._streamer = streamer

    async def status(self, _request: web.Request) -> web.Response:
        return web.json_response(self._streamer.status().to_json())

    async def events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson", "Cache-Control": "no-store"})
        try:
            await response.prepare(request)
            while True:
                line = json.dumps(self._streamer.status().to_json(), separators=(",", ":"))
                await response.write(line.encode() + b"\n")
                await self._streamer.changes.wait()
        except ConnectionError:
            log.debug("A follower of the status left")
        return response

    async def recover(self, request: web.Request) -> web.Response:
        level = string(json_object(await request.read(), "The body"), "level")
        guest = self._streamer.guest
        match level:
            case RecoverLevel.RESET:
                log.info("The guest is being reset, as asked for")
                await guest.reset()
            case RecoverLevel.RESTART:
                log.info("The emulator is being started anew, as asked for")
                await guest.restart()
            case _:
                raise UnsupportedError(
                    f"A streamer can 'reset' its guest or 'restart' its emulator, not {level!r:.40}."
                )
        return web.json_response(self._streamer.status().to_json(), status=202)

    async def health(self, _request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def ready(self, _request: web.Request) -> web.Response:
        """Ready: attached to QEMU. A guest that hangs is for people to see, not to be hidden from them."""
        report = self._streamer.guest.report
        attached = report.state not in (GuestState.BOOTING, GuestState.RESTARTING)
        text = " ".join(filter(None, (f"The guest is {report.state.value}.", report.reason)))
        return web.Response(text=f"{text}\n", status=200 if attached else 503)

    async def metrics(self, _request: web.Request) -> web.Response:
        text = exposition(
            self._streamer.status(), self._streamer.pictures(), self._streamer.drops(), self._streamer.media()
        )
        return web.Response(text=text, content_type="text/plain", charset="utf-8")
