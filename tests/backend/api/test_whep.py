from typing import Any

import pytest

from backend.contract.problem import Problem

OFFER = {"Content-Type": "application/sdp"}
FRAGMENT = {"Content-Type": "application/trickle-ice-sdpfrag"}
WHEP = "/api/instances/instance-0/whep"


async def test_a_session_is_opened_changed_and_closed(backend: Any) -> None:
    async with backend.client.post(WHEP, data=b"v=0", headers=OFFER | {"X-Correlation-ID": "trace-me"}) as response:
        assert response.status == 201
        assert response.content_type == "application/sdp"
        assert await response.text() == "v=0 answer"
        location = response.headers["Location"]
    assert location == f"{WHEP}/session-1"
    backend.streamer.answer = {"status": 204}
    async with backend.client.patch(location, data=b"a=candidate", headers=FRAGMENT) as response:
        assert response.status == 204
    backend.streamer.answer = {"status": 200}
    async with backend.client.delete(location) as response:
        assert response.status == 200
    assert [(method, path) for method, path, _, _ in backend.streamer.requests] == [
        ("POST", "/whep"),
        ("PATCH", "/whep/session-1"),
        ("DELETE", "/whep/session-1"),
    ]
    assert backend.streamer.requests[0][3]["X-Correlation-ID"] == "trace-me"


@pytest.mark.parametrize(
    ("path", "status"), [("/api/instances/instance-9/whep", 404), ("/api/instances/%2e%2e/whep", 404)]
)
async def test_an_unknown_instance_is_a_problem(backend: Any, path: str, status: int) -> None:
    async with backend.client.post(path, data=b"v=0", headers=OFFER) as response:
        assert response.status == status
        assert Problem.from_json(await response.text()).status == status


async def test_an_offer_of_another_type_is_refused(backend: Any) -> None:
    async with backend.client.post(WHEP, json={"sdp": "v=0"}) as response:
        assert response.status == 415
        assert "application/sdp" in (await response.json())["detail"]


async def test_an_offer_over_the_limit_never_reaches_the_streamer(backend: Any) -> None:
    async with backend.client.post(WHEP, data=b"x" * 100_000, headers=OFFER) as response:
        assert response.status == 413
    assert not backend.streamer.requests


async def test_a_slow_streamer_is_answered_in_time(backend: Any, impatient: None) -> None:
    backend.streamer.delay_s = 5
    async with backend.client.post(WHEP, data=b"v=0", headers=OFFER) as response:
        assert response.status == 503
        assert (await response.json())["detail"]
