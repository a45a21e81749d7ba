"""Stands in for the backend program: ``stand_in.py MODE PORT READY_FD``."""

import os
import socket
import sys
import time


def main() -> None:
    mode, port, ready = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    if mode == "fails":
        print('{"level": "error", "message": "QEMU is missing: install qemu-system-x86."}', file=sys.stderr)
        raise SystemExit(2)
    if mode == "garbage":
        os.write(ready, b"\xff{{{ no json\n")
    elif mode == "endless":
        os.write(ready, b"x" * 5000)
    elif mode == "no-address":
        os.write(ready, b'{"url": "gopher://x"}\n')
    elif mode == "silent":
        print("looking for a free port", file=sys.stderr, flush=True)
    else:
        server = socket.create_server(("127.0.0.1", port))
        line = b'{"url": "http://127.0.0.1:%d"}\n' % server.getsockname()[1]
        os.write(ready, line[:9])
        os.write(ready, line[9:])
    time.sleep(60)


if __name__ == "__main__":
    main()
