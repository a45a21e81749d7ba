"""A hundred kiosks in one process: each holds an event stream and asks the API for something every two seconds.

Beside them, a dashboard asks for the quality of everything, and a collector for the metrics, every five.

``python -m tests.benchmarks._kiosks URL KIOSKS SECONDS`` writes ``ready`` when all have their first snapshot, then one
JSON line with the delays of the answers and the number of events.
"""

import asyncio
import itertools
import json
import random
import sys
import time

import aiohttp

from backend.contract import routes

ASKED = (routes.LIVE, routes.INSTANCES, routes.DISCOVERY, routes.ICE)
EVERY_S = 2.0
WATCHED = (routes.QUALITY, routes.METRICS)
WATCHED_EVERY_S = 5.0


class Kiosks:
    """All of them."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.session = session
        self.delays_ms: dict[str, list[float]] = {path: [] for path in (*ASKED, *WATCHED)}
        self.events = 0
        self.gaps = 0
        self.connected = 0

    async def kiosk(self) -> None:
        """One: follows the events, and checks that no revision is missing."""
        async with self.session.ws_connect(self.url + routes.EVENTS, max_msg_size=0) as socket:
            revision = (await socket.receive_json())["revision"]
            self.connected += 1
            async for message in socket:
                event = message.json()
                self.events += 1
                if "instance" in event or event["type"] == "instances/removed":
                    self.gaps += event["revision"] != revision + 1
                    revision = event["revision"]

    async def ask(self, order: "itertools.cycle[str]", every_s: float) -> None:
        """Ask for one thing after the other."""
        await asyncio.sleep(random.uniform(0, every_s))
        while True:
            path = next(order)
            began = time.monotonic()
            async with self.session.get(self.url + path) as answer:
                await answer.read()
                assert answer.status == 200, answer.status
            self.delays_ms[path].append((time.monotonic() - began) * 1000)
            await asyncio.sleep(every_s)


async def main() -> None:
    """Run for a while and report."""
    url, count, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    order = itertools.cycle(ASKED)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session, asyncio.TaskGroup() as tasks:
        kiosks = Kiosks(url, session)
        running = [tasks.create_task(kiosks.kiosk()) for _ in range(count)]
        while kiosks.connected < count:  # noqa: ASYNC110 - counted by many tasks
            await asyncio.sleep(0.05)
        running += [tasks.create_task(kiosks.ask(order, EVERY_S)) for _ in range(count)]
        running += [tasks.create_task(kiosks.ask(itertools.cycle([path]), WATCHED_EVERY_S)) for path in WATCHED]
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.sleep(seconds)
        for task in running:
            task.cancel()
    report = {"delays_ms": kiosks.delays_ms, "events": kiosks.events, "gaps": kiosks.gaps}
    sys.stdout.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
