"""A program in place of ``backend.streamer``, run by the nursery; its first argument says how it behaves."""

import argparse
import asyncio
import signal
import socket
import sys
import time
from collections.abc import Sequence

from tests.backend.fake_streamer import FakeStreamer


def main(arguments: Sequence[str]) -> int:
    match arguments[0]:
        case "exit":
            return int(arguments[1])
        case "raise":
            raise ZeroDivisionError
        case "leave":
            sys.exit(4)
        case "sleep":
            time.sleep(60)
        case "stubborn":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            with socket.socket(fileno=int(arguments[1])) as listener:
                listener.accept()[0].send(b"deaf")
            time.sleep(60)
        case "greet":
            with socket.socket(fileno=int(arguments[1])) as listener:
                listener.accept()[0].send(b"hello")
        case _:
            asyncio.run(_serve(arguments))
    return 0


async def _serve(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--instance")
    parser.add_argument("--listen-fd", type=int)
    known, _ = parser.parse_known_args(arguments)
    async with FakeStreamer(known.instance).serving_on(socket.socket(fileno=known.listen_fd)):
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        await stop.wait()
