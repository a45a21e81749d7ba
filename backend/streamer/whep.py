"""WHEP (draft-ietf-wish-whep) over aiohttp: an offer in, a stream out.

Trickle ICE is supported, ICE restart is not: RFC 9725, section 4.3.1, has 422 for that case.
"""

from aiohttp import web

from backend.contract.routes import STREAMER_WHEP, STREAMER_WHEP_SESSION
from backend.streamer.errors import OfferError, UnsupportedError
from backend.streamer.offer import read_fragment
from backend.streamer.streamer import Streamer
from backend.streamer.viewer import Viewer

SDP = "application/sdp"
FRAGMENT = "application/trickle-ice-sdpfrag"


class Whep:
    """The WHEP resources of one streamer."""

    def __init__(self, streamer: Streamer) -> None:
        self._streamer = streamer

    def routes(self) -> list[web.RouteDef]:
        """To be added to an application."""
        return [
            web.post(STREAMER_WHEP, self._post),
            web.options(STREAMER_WHEP, self._options),
            web.patch(STREAMER_WHEP_SESSION, self._patch),
            web.delete(STREAMER_WHEP_SESSION, self._delete),
        ]

    async def _post(self, request: web.Request) -> web.Response:
        _require_type(request, SDP)
        accepted = request.headers.get("Accept", SDP)
        if not any(kind in accepted for kind in (SDP, "application/*", "*/*")):
            raise web.HTTPNotAcceptable(text=f"The answer is {SDP}; accept it.")
        session, answer = await self._streamer.join(await _text(request))
        location = STREAMER_WHEP_SESSION.format(session=session)
        headers = {"Location": location, "Accept-Patch": FRAGMENT}
        return web.Response(status=201, text=answer, content_type=SDP, headers=headers)

    async def _options(self, _request: web.Request) -> web.Response:
        return web.Response(status=204, headers={"Accept-Post": SDP})

    async def _patch(self, request: web.Request) -> web.Response:
        viewer = self._viewer(request)
        _require_type(request, FRAGMENT)
        if request.headers.get("If-Match") == "*":
            raise UnsupportedError("ICE restart is not supported: end this session and POST a new offer.")
        await viewer.add_candidates(read_fragment(await _text(request)))
        return web.Response(status=204)

    async def _delete(self, request: web.Request) -> web.Response:
        self._viewer(request).end()
        return web.Response(status=200)

    def _viewer(self, request: web.Request) -> Viewer:
        viewer = self._streamer.viewer(request.match_info["session"])
        if viewer is None or viewer.gone.is_set():
            raise web.HTTPNotFound(text="There is no such session; it ended, or the streamer was restarted.")
        return viewer


def _require_type(request: web.Request, wanted: str) -> None:
    if request.content_type != wanted:
        raise web.HTTPUnsupportedMediaType(text=f"The body must be {wanted}, not {request.content_type}.")


async def _text(request: web.Request) -> str:
    try:
        return (await request.read()).decode()
    except UnicodeDecodeError as error:
        raise OfferError("The body is not UTF-8 text.") from error
