import socket
from pathlib import Path

import pytest

from backend.contract.errors import SettingsError
from backend.lan.addresses import Address, listening_socket, read_address
from backend.lan.errors import ListenError


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:8490", Address("127.0.0.1", 8490)),
        ("[::1]:80", Address("::1", 80)),
        ("loco-lan.loco.svc:8490", Address("loco-lan.loco.svc", 8490)),
        ("/run/lan.sock", Address(path="/run/lan.sock")),
        ("./lan.sock", Address(path="./lan.sock")),
    ],
)
def test_an_address_is_read_and_written_alike(text: str, address: Address) -> None:
    assert read_address(text, "listen") == address
    assert str(address) == text


@pytest.mark.parametrize("text", ["", "host", ":80", "host:", "host:port", "host:65536", "host:-1"])
def test_what_is_no_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingsError, match=r"'listen' must be .* such as 127\.0\.0\.1:8490"):
        read_address(text, "listen")


def test_a_socket_that_a_killed_program_left_is_replaced(runs: Path) -> None:
    address = Address(path=str(runs / "http.sock"))
    listening_socket(address, "http").close()
    with listening_socket(address, "http") as again, socket.socket(socket.AF_UNIX) as caller:
        caller.connect(address.path)
        again.accept()[0].close()


def test_a_file_of_another_kind_is_left_alone(runs: Path) -> None:
    path = runs / "precious"
    path.write_text("data")
    with pytest.raises(ListenError, match="'http'"):
        listening_socket(Address(path=str(path)), "http")
    assert path.read_text() == "data"


def test_a_port_that_is_taken_is_told() -> None:
    with listening_socket(Address("127.0.0.1", 0), "listen") as first:
        port = first.getsockname()[1]
        with pytest.raises(ListenError, match=f"127.0.0.1:{port}"):
            listening_socket(Address("127.0.0.1", port), "listen")
