"""Refusing peers of another protocol version."""

import pytest

from backend.contract.errors import VersionError
from backend.contract.version import PROTOCOL_VERSION, require_version


def test_the_own_version_is_accepted() -> None:
    require_version(PROTOCOL_VERSION, "backend")


@pytest.mark.parametrize(
    ("version", "advice"),
    [
        (PROTOCOL_VERSION + 1, "update this program"),
        (PROTOCOL_VERSION - 1, "update the backend"),
        (None, "update the backend"),
        ("1", "update the backend"),
    ],
)
def test_any_other_is_refused_with_advice(version: object, advice: str) -> None:
    with pytest.raises(VersionError, match=advice):
        require_version(version, "backend")
