import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.local.nursery_process import MAX_MESSAGE_BYTES, process_name


@pytest.fixture
def control(environment: dict[str, str]) -> Iterator[socket.socket]:
    """The parent's end of a running nursery, which must end by itself when that closes."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, "-P", "-m", "backend.local.nursery_process", str(theirs.fileno()), "stand_in_streamer"]
    with theirs:
        process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=environment)
    with ours:
        ours.settimeout(20)
        yield ours
    assert process.wait(20) == 0


def start(control: socket.socket, number: int, *arguments: str) -> None:
    request = {"start": number, "arguments": list(arguments)}
    socket.send_fds(control, [json.dumps(request).encode()], [control.fileno()])


def receive(control: socket.socket) -> dict[str, int]:
    message: dict[str, int] = json.loads(control.recv(MAX_MESSAGE_BYTES))
    return message


def test_it_ends_when_its_parent_closes_the_control_socket(control: socket.socket) -> None:
    control.send(json.dumps({"signal": 7, "number": 9}).encode())


def test_the_start_and_the_end_of_a_child_are_told(control: socket.socket) -> None:
    start(control, 1, "exit", "7")
    assert receive(control)["started"] == 1
    assert receive(control) == {"ended": 1, "status": 7}


def test_a_signal_reaches_its_child(control: socket.socket) -> None:
    start(control, 1, "sleep")
    start(control, 2, "exit", "0")
    told = [receive(control) for _ in range(3)]
    assert {"ended": 2, "status": 0} in told
    control.send(json.dumps({"signal": 1, "number": 15}).encode())
    assert receive(control) == {"ended": 1, "status": -15}


def test_process_lists_show_the_instance_of_a_child(control: socket.socket) -> None:
    start(control, 1, "sleep", "--instance", "instance-7")
    name = Path(f"/proc/{receive(control)['pid']}/comm")
    deadline = time.monotonic() + 10
    while name.read_text() != "instance-7\n" and time.monotonic() < deadline:
        time.sleep(0.005)
    assert name.read_text() == "instance-7\n"
    control.send(json.dumps({"signal": 1, "number": 9}).encode())
    assert receive(control) == {"ended": 1, "status": -9}


def test_a_child_without_an_instance_is_a_streamer_all_the_same() -> None:
    assert process_name(["--synthetic"]) == "loco-streamer"
