"""The pretended API server as a process of its own: ``python -m tests.fakes.kube_api --pods 9``.

Writes one line ``{"url": ...}``, and for each write to a watch ``{"wrote": KIND, "agent": ..., "at_s": ...}`` with its
monotonic time. Each line of its input is a command: ``{"put": KIND, "object": {...}}``,
``{"put_all": KIND, "objects": [...]}`` or ``{"delete": KIND, "name": ...}``; it ends with its input.
"""

import argparse
import asyncio
import json
import sys
import time

from tests.fakes.kube_api.cluster import Cluster
from tests.fakes.kube_api.objects import endpoint_slice, pod
from tests.fakes.kube_api.server import serving

_LINE_LIMIT = 1 << 26


async def main() -> None:
    """Serve until the input ends."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.kube_api", description=__doc__)
    parser.add_argument("--pods", type=int, default=9)
    options = parser.parse_args()
    cluster = Cluster()
    pods = [pod(ordinal) for ordinal in range(options.pods)]
    await cluster.put_all("pods", pods)
    await cluster.put("endpointslices", endpoint_slice("emu-1", pods))
    async with serving(cluster) as server:
        server.on_write = lambda kind, agent: say({"wrote": kind, "agent": agent, "at_s": time.monotonic()})
        say({"url": server.url})
        reader = asyncio.StreamReader(limit=_LINE_LIMIT)
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            await obey(cluster, json.loads(line))


def say(message: dict[str, object]) -> None:
    """One line of output."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


async def obey(cluster: Cluster, command: dict[str, object]) -> None:
    """Carry out one command."""
    match command:
        case {"put": str(kind), "object": dict(item)}:
            await cluster.put(kind, item)
        case {"put_all": str(kind), "objects": list(items)}:
            await cluster.put_all(kind, items)
        case {"delete": str(kind), "name": str(name)}:
            await cluster.delete(kind, name)
        case _:
            raise ValueError(f"unknown command {command!r:.80}")


if __name__ == "__main__":
    asyncio.run(main())
