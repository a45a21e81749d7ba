"""Problem documents."""

import json

import pytest

from backend.contract.errors import WireError
from backend.contract.problem import Problem


def test_a_problem_is_read_back() -> None:
    problem = Problem(503, "Instance lost", "Wait until it is back.", "abc")
    assert Problem.from_json(json.dumps(problem.to_json())) == problem


def test_a_page_that_is_no_problem_is_refused() -> None:
    with pytest.raises(WireError):
        Problem.from_json("<html>Bad gateway</html>")
