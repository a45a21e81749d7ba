"""WHEP over real HTTP."""

import asyncio
from collections.abc import Mapping

import aiohttp
import pytest
from aiortc import RTCSessionDescription

from backend.contract.problem import CONTENT_TYPE, Problem
from backend.streamer import streamer as streamer_module
from tests.backend.streamer.conftest import Served
from tests.backend.streamer.textbook_viewer import TextbookViewer, until

SDP = {"Content-Type": "application/sdp"}
FRAGMENT = {"Content-Type": "application/trickle-ice-sdpfrag"}


async def ask(
    method: str, url: str, data: str | bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, Mapping[str, str], bytes]:
    async with aiohttp.ClientSession() as http, http.request(method, url, data=data, headers=headers) as reply:
        return reply.status, reply.headers.copy(), await reply.read()


async def problem(method: str, url: str, data: str | bytes | None, headers: dict[str, str]) -> Problem:
    status, given, body = await ask(method, url, data, headers)
    assert given["Content-Type"].startswith(CONTENT_TYPE), body
    document = Problem.from_json(body)
    assert document.status == status
    assert document.detail
    assert document.correlation_id == given["X-Correlation-ID"]
    return document


async def test_an_ended_session_is_gone(served: Served) -> None:
    async with TextbookViewer(served.base) as viewer:
        assert viewer.location.startswith("/whep/")
        assert await viewer.end() == 200
        await until(lambda: served.streamer.status().viewers == 0)
        assert await viewer.end() == 404
        await until(lambda: viewer.peer.connectionState == "closed")


@pytest.mark.parametrize(
    "offer",
    [b"", b"hello", b"v=0\r\n", b"\xff\xfe", b"v=0\r\nm=video x y z\r\n", b"m=video 9 UDP/TLS/RTP/SAVPF 99\r\n"],
)
async def test_a_malformed_offer_is_answered_400_with_words(served: Served, offer: bytes) -> None:
    assert (await problem("POST", f"{served.base}/whep", offer, SDP)).status == 400
    assert served.streamer.status().viewers == 0


async def test_an_offer_without_a_common_codec_is_answered_422(served: Served) -> None:
    viewer = TextbookViewer(served.base, audio=False, channels=False)
    offer = (await viewer.offer()).replace("H264/90000", "AV1/90000")
    document = await problem("POST", f"{served.base}/whep", offer, SDP)
    assert document.status == 422
    assert "H.264" in document.detail
    await viewer.close()


async def test_wrong_types_lengths_and_methods_are_refused(served: Served) -> None:
    url = f"{served.base}/whep"
    assert (await problem("POST", url, "{}", {"Content-Type": "application/json"})).status == 415
    assert (await problem("POST", url, "v=0", SDP | {"Accept": "text/html"})).status == 406
    assert (await problem("POST", url, b"x" * 70_000, SDP)).status == 413
    assert (await problem("PUT", url, "v=0", SDP)).status == 405
    assert (await problem("GET", f"{served.base}/no/such", None, {})).status == 404
    assert (await problem("PATCH", f"{url}/nobody", "", FRAGMENT)).status == 404


async def test_viewers_over_the_limit_get_503(served: Served) -> None:
    viewers = [TextbookViewer(served.base) for _ in range(4)]
    await asyncio.gather(*(viewer.connect() for viewer in viewers))
    late = TextbookViewer(served.base, channels=False)
    status, headers, _ = await ask("POST", f"{served.base}/whep", await late.offer(), SDP)
    assert (status, headers["Retry-After"]) == (503, "5")
    await asyncio.gather(late.close(), *(viewer.close() for viewer in viewers))
    await until(lambda: served.streamer.status().viewers == 0)


async def test_trickled_candidates_connect_and_a_restart_is_refused(served: Served) -> None:
    viewer = TextbookViewer(served.base, audio=False, channels=False)
    offer = await viewer.offer()
    lines = offer.splitlines()
    trickled = [line for line in lines if line.startswith(("a=candidate", "a=end-of-candidates"))]
    bare = "\r\n".join(line for line in lines if line not in trickled) + "\r\n"
    status, headers, answer = await ask("POST", f"{served.base}/whep", bare, SDP)
    assert status == 201
    url = served.base + headers["Location"]
    username = next(line for line in lines if line.startswith("a=ice-ufrag"))
    fragment = "\r\n".join([username, "m=video 9 UDP/TLS/RTP/SAVPF 0", "a=mid:0", *trickled]) + "\r\n"
    assert (await ask("PATCH", url, fragment, FRAGMENT))[0] == 204
    restart = await problem("PATCH", url, "a=ice-ufrag:other\r\na=ice-pwd:x\r\n", FRAGMENT)
    assert restart.status == 422
    assert (await problem("PATCH", url, fragment, FRAGMENT | {"If-Match": "*"})).status == 422
    assert (await problem("PATCH", url, "a=mid:0\r\na=candidate:nonsense\r\n", FRAGMENT)).status == 400
    await viewer.peer.setRemoteDescription(RTCSessionDescription(answer.decode(), "answer"))
    await until(lambda: viewer.peer.connectionState == "connected")
    await viewer.close()


async def test_a_session_that_never_connects_is_ended(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamer_module, "_CONNECT_S", 0.2)
    viewer = TextbookViewer(served.base, channels=False)
    status, headers, _ = await ask("POST", f"{served.base}/whep", await viewer.offer(), SDP)
    assert status == 201
    session = headers["Location"].rpartition("/")[2]
    await until(lambda: served.streamer.viewer(session) is None)
    assert served.streamer.drops()["never_connected"] == 1
    await viewer.close()


async def test_options_tell_the_type_of_offers(served: Served) -> None:
    status, headers, _ = await ask("OPTIONS", f"{served.base}/whep")
    assert (status, headers["Accept-Post"]) == (204, "application/sdp")
