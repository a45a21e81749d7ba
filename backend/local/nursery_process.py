"""The process that streamers are forked from: ``python -m backend.local.nursery_process CONTROL_FD MODULE``.

Importing what a streamer needs takes a second of processor time and 80 MiB; nine forks of one import share both. It
has one thread, no event loop and no state besides its children, so a fork is safe. ``MODULE`` has the
``main(arguments)`` of the children.

On the control socket (SOCK_SEQPACKET, JSON): ``{"start": id, "arguments": [...]}`` with a descriptor, for which the
first ``{}`` in the arguments stands, and ``{"signal": id, "number": n}``; back ``{"started": id, "pid": n}`` and
``{"ended": id, "status": n}``, as :attr:`subprocess.Popen.returncode` counts.
"""

import contextlib
import ctypes
import gc
import importlib
import itertools
import json
import os
import selectors
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

MAX_MESSAGE_BYTES = 64 * 1024
_NICENESS = 5
"""Of streamers, below the emulators' own: a late streamer makes one picture late, a late QEMU all that follow."""
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_PR_SET_NAME = 15

Main = Callable[[Sequence[str]], int]


class NurseryProcess:
    """Starts children on request and tells of their ends."""

    def __init__(self, control: socket.socket, main: Main) -> None:
        self._control = control
        self._main = main
        self._selector = selectors.DefaultSelector()
        self._pids: dict[int, int] = {}
        self._libc = ctypes.CDLL(None)

    def run(self) -> None:
        """Serve until the parent closes the control socket."""
        self._selector.register(self._control, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._control:
                    if not self._serve():
                        return
                else:
                    self._reap(key.fd, *key.data)

    def _serve(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self._control, MAX_MESSAGE_BYTES, 1)
        if not message:
            return False
        request = json.loads(message)
        if "start" in request:
            self._start(request["start"], request["arguments"], descriptors[0])
        elif (pid := self._pids.get(request["signal"])) is not None:
            os.kill(pid, request["number"])
        return True

    def _start(self, child: int, arguments: list[str], descriptor: int) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become_child(parent, [item.replace("{}", str(descriptor)) for item in arguments])
        os.close(descriptor)
        self._pids[child] = pid
        self._selector.register(os.pidfd_open(pid), selectors.EVENT_READ, (child, pid))
        self._tell({"started": child, "pid": pid})

    def _reap(self, pidfd: int, child: int, pid: int) -> None:
        _, status = os.waitpid(pid, 0)
        self._selector.unregister(pidfd)
        os.close(pidfd)
        del self._pids[child]
        self._tell({"ended": child, "status": os.waitstatus_to_exitcode(status)})

    def _tell(self, message: dict[str, Any]) -> None:
        # A parent that is gone takes this process with it.
        with contextlib.suppress(ConnectionError):
            self._control.send(json.dumps(message).encode())

    def _become_child(self, parent: int, arguments: list[str]) -> NoReturn:
        status = 1
        try:
            self._libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            self._libc.prctl(_PR_SET_NAME, process_name(arguments).encode())
            if os.getppid() != parent:
                os._exit(1)
            os.setpgid(0, 0)
            os.nice(_NICENESS)
            for key in list(self._selector.get_map().values()):
                os.close(key.fd)
            self._selector.close()
            status = self._main(arguments)
        except SystemExit as error:
            status = error.code if isinstance(error.code, int) else 1
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)


def process_name(arguments: Sequence[str]) -> str:
    """What process lists show of a child: its instance. The kernel keeps 15 bytes."""
    following = dict(itertools.pairwise(arguments))
    return following.get("--instance", "loco-streamer")


def main(arguments: Sequence[str]) -> int:
    """Import, then serve."""
    descriptor, module = arguments
    # Ctrl+C in a terminal is for the backend, which stops the rest in order. No session: see backend.qemu.process.
    os.setpgid(0, 0)
    child_main: Main = importlib.import_module(module).main
    # Pages that the collector does not touch stay shared.
    gc.collect()
    gc.freeze()
    NurseryProcess(socket.socket(fileno=int(descriptor)), child_main).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
