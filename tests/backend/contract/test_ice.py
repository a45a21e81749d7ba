import json

import pytest

from backend.contract.errors import WireError
from backend.contract.ice import IceServer, IceServers

SERVERS = IceServers(
    (IceServer(("stun:turn.example",)), IceServer(("turn:turn.example", "turns:turn.example"), "9:anna", "hidden")), 600
)


def test_what_was_written_is_read_again() -> None:
    assert IceServers.from_json(json.dumps(SERVERS.to_json())) == SERVERS


def test_a_server_without_credentials_has_none_in_json_as_browsers_want_it() -> None:
    assert SERVERS.servers[0].to_json() == {"urls": ["stun:turn.example"]}


def test_a_credential_is_in_no_representation() -> None:
    assert "hidden" not in f"{SERVERS!r} {SERVERS}"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"servers": 1, "ttl_s": 1}', '{"servers": [1], "ttl_s": 1}', '{"servers": [], "ttl_s": "x"}'],
)
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(WireError):
        IceServers.from_json(text)
