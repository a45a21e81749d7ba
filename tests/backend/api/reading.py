"""Reads answers of the backend."""

from typing import Any

from backend.contract.problem import Problem


async def problem(response: Any) -> Problem:
    assert response.content_type == "application/problem+json"
    document = Problem.from_json(await response.text())
    assert document.status == response.status
    assert document.correlation_id == response.headers["X-Correlation-ID"]
    assert document.detail
    return document
