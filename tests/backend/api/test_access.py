import json
import logging
from typing import Any

import pytest

from backend.api.services import SERVICES
from backend.contract import logs
from tests.backend.api.reading import problem


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/api/instances/instance-0", 404),
        ("GET", "/api/instances/../../etc/passwd", 404),
        ("PUT", "/api/instances", 405),
        ("DELETE", "/api/focus", 405),
        ("POST", "/api/instances/instance-0/whep", 415),
    ],
)
async def test_every_error_is_a_problem_document(backend: Any, method: str, path: str, status: int) -> None:
    async with backend.client.request(method, path) as response:
        assert response.status == status
        document = await problem(response)
        if status == 405:
            assert "GET" in response.headers["Allow"]
            assert "GET" in document.detail


async def test_a_bug_is_told_without_its_traceback(backend: Any, caplog: pytest.LogCaptureFixture) -> None:
    async def broken() -> None:
        raise ZeroDivisionError("secret detail")

    object.__setattr__(backend.client.app[SERVICES], "refresh", broken)
    async with backend.client.post("/api/instances/refresh", headers={"X-Correlation-ID": "find-me"}) as response:
        assert response.status == 500
        document = await problem(response)
    assert document.correlation_id == "find-me"
    assert "secret" not in await response.text()
    assert any(record.exc_info for record in caplog.records)


async def test_the_callers_correlation_id_is_kept_if_it_is_well_formed(backend: Any) -> None:
    async with backend.client.get("/healthz", headers={"X-Correlation-ID": "abc-1"}) as response:
        assert response.headers["X-Correlation-ID"] == "abc-1"
    async with backend.client.get("/healthz", headers={"X-Correlation-ID": "x" * 100}) as response:
        assert len(response.headers["X-Correlation-ID"]) == 16


async def test_each_request_is_one_line_of_log_and_probes_are_quiet(
    backend: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="backend.access")
    await backend.client.get("/healthz")
    await backend.client.get("/api/instances")
    lines = [record.getMessage() for record in caplog.records if record.name == "backend.access"]
    assert len(lines) == 1
    assert lines[0].startswith("GET /api/instances from 127.0.0.1: 200 in ")


async def test_a_line_of_log_says_the_same_to_a_collector(
    backend: Any, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO, logger="backend.access")
    url = "/api/instances/instance-0/quality?secret=1"
    await backend.client.get(url, headers={"X-Correlation-ID": "abc-1", "User-Agent": "kiosk/1"})
    (record,) = [record for record in caplog.records if record.name == "backend.access"]
    fields = getattr(record, logs.FIELDS)
    assert fields.pop("duration_ms") > 0
    assert fields == {
        "method": "GET",
        "path": "/api/instances/instance-0/quality",
        "route": "/api/instances/{id}/quality",
        "status": 200,
        "caller": "127.0.0.1",
        "user_agent": "kiosk/1",
    }


async def test_every_line_of_a_request_carries_its_identity_and_instance(
    backend: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    async def noisy() -> None:
        logging.getLogger("somewhere.deep").warning("it is late")

    object.__setattr__(backend.client.app[SERVICES], "refresh", noisy)
    logs.configure("backend", "info", "json")
    await backend.client.post("/api/instances/refresh", headers={"X-Correlation-ID": "abc-2"})
    await backend.client.get("/api/instances/instance-0/quality", headers={"X-Correlation-ID": "abc-3"})
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["message"][:10], line["correlation_id"]) for line in lines] == [
        ("it is late", "abc-2"),
        ("POST /api/", "abc-2"),
        ("GET /api/i", "abc-3"),
    ]
    assert lines[2]["instance"] == "instance-0"
    assert lines[2]["status"] == 200


async def test_the_identity_goes_on_to_the_streamer(backend: Any) -> None:
    headers = {"X-Correlation-ID": "abc-4", "Content-Type": "application/sdp"}
    await backend.client.post("/api/instances/instance-0/whep", data=b"v=0", headers=headers)
    assert backend.streamer.requests[-1][3]["X-Correlation-ID"] == "abc-4"


@pytest.mark.parametrize("path", ["/api/%0Aforged", "/api/instances/a%0Aforged/quality"])
async def test_a_line_break_in_a_header_or_path_forges_no_line_of_log(
    backend: Any, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("backend", "info", "text")
    await backend.client.get(path, headers={"X-Correlation-ID": "a b"})
    (line,) = capsys.readouterr().err.splitlines()
    assert f"GET {path} from 127.0.0.1: 404" in line
