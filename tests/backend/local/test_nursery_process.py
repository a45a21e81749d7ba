import json
import os
import socket
import threading
from collections.abc import Sequence

from backend.local.nursery_process import MAX_MESSAGE_BYTES, NurseryProcess


def child_main(arguments: Sequence[str]) -> int:
    """Says where it ran by its status."""
    return int(arguments[0]) if os.getsid(0) == os.getpid() else 99


def test_it_ends_when_its_parent_closes_the_control_socket() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    thread = threading.Thread(target=NurseryProcess(theirs, child_main).run)
    thread.start()
    with ours, theirs:
        ours.send(json.dumps({"signal": 7, "number": 9}).encode())
        ours.shutdown(socket.SHUT_WR)
        thread.join(5)
        assert not thread.is_alive()


def test_a_child_has_a_session_of_its_own_and_its_end_is_told() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    pid = os.fork()
    if pid == 0:
        ours.close()
        NurseryProcess(theirs, child_main).run()
        os._exit(0)
    theirs.close()
    with ours:
        ours.settimeout(5)
        socket.send_fds(ours, [json.dumps({"start": 1, "arguments": ["7"]}).encode()], [0])
        started, ended = (json.loads(ours.recv(MAX_MESSAGE_BYTES)) for _ in range(2))
    assert started["started"] == 1
    assert ended == {"ended": 1, "status": 7}
    os.waitpid(pid, 0)
