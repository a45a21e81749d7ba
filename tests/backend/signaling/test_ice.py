import base64
import hashlib
import hmac
from pathlib import Path

import pytest

from backend.contract.errors import SettingsError
from backend.contract.settings import load_section
from backend.signaling.ice import IceDirectory, IceSettings, credential

SECRET = "north-star-over-the-harbour"
TURN: dict[str, object] = {"turn": ["turn:turn.example:3478?transport=udp", "turns:turn.example:443?transport=tcp"]}


def settings(table: dict[str, object], **environment: str) -> IceSettings:
    return load_section(IceSettings, "ice", {"ice": table}, environment=environment)


def test_a_credential_is_what_coturn_expects() -> None:
    servers = IceDirectory(settings({**TURN, "secret": SECRET, "ttl_s": 600}), clock=lambda: 1000.7).servers("abc")
    (turn,) = servers.servers
    assert servers.ttl_s == 600
    assert turn.username == "1600:abc"
    expected = hmac.new(SECRET.encode(), b"1600:abc", hashlib.sha1).digest()
    assert base64.b64decode(turn.credential) == expected


def test_stun_needs_no_secret_and_nothing_is_fine_too() -> None:
    (stun,) = IceDirectory(settings({"stun": ["stun:turn.example"]})).servers("x").servers
    assert (stun.urls, stun.username, stun.credential) == (("stun:turn.example",), "", "")
    assert IceDirectory(settings({})).servers("x").servers == ()


def test_the_secret_comes_from_the_environment_or_from_a_file_that_may_change(tmp_path: Path) -> None:
    from_variable = IceDirectory(settings(TURN, LOCO_ICE_SECRET=SECRET), clock=lambda: 0.0)
    assert from_variable.servers("x").servers[0].credential == credential(SECRET, "3600:x")
    path = tmp_path / "secret"
    path.write_text(f"{SECRET}\n")
    directory = IceDirectory(settings(TURN, LOCO_ICE_SECRET_FILE=str(path)), clock=lambda: 0.0)
    assert directory.servers("x").servers[0].credential == credential(SECRET, "3600:x")
    path.write_text("another-secret-of-some-length")
    assert directory.servers("x").servers[0].credential == credential("another-secret-of-some-length", "3600:x")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (TURN, "LOCO_ICE_SECRET"),
        ({**TURN, "secret": "short"}, "holds fewer"),
        ({**TURN, "secret_file": "/no/such/file"}, "Cannot read the TURN secret /no/such/file"),
        ({"stun": ["turn:turn.example"]}, "no stun: URL"),
        ({"turn": ["turn://turn.example"], "secret": SECRET}, "turn:turn.example:3478"),
        ({"turn": "turn.example", "secret": SECRET}, "no turn: URL"),
        ({"ttl_s": 5}, "at least 60"),
        ({"tern": []}, "did you mean 'turn'"),
    ],
)
def test_wrong_settings_are_told_in_words_that_help(table: dict[str, object], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        IceDirectory(settings(table))


def test_no_representation_and_no_error_holds_the_secret() -> None:
    assert SECRET not in repr(settings({**TURN, "secret": SECRET}))
    with pytest.raises(SettingsError) as caught:
        IceDirectory(settings({**TURN, "secret": "tooshort"}))
    assert "tooshort" not in str(caught.value)
