"""CPU and memory of a streamer process by case: ``python -m tests.backend.streamer.measure [SECONDS]``.

The guest is synthetic; what drawing it costs is measured without viewers and taken off. The viewers throw every media
packet away before it is parsed, and run in this process, whose CPU is not counted.
"""

import asyncio
import functools
import os
import re
import sys
from pathlib import Path

from backend.contract.control import StreamerStatistics
from backend.streamer import app
from backend.streamer.synthetic import SyntheticGuest
from tests.backend.streamer.textbook_viewer import TextbookViewer

CASES = ((0.0, 1, False), (0.0, 1, True), (30.0, 1, False), (30.0, 1, True), (30.0, 4, False))
TICKS_HZ = os.sysconf("SC_CLK_TCK")


def serve(fps: float, tone: bool) -> int:
    """Be the streamer."""
    guest = functools.partial(SyntheticGuest, fps=fps, tone=tone)
    vars(app)["guest_factory"] = lambda _settings: guest
    return app.main(["--synthetic", "--listen", "127.0.0.1:0", "--media-addresses", "127.0.0.1"])


def cpu_s(pid: int) -> float:
    """User and system time of a process, to 0.1 ms."""
    return sum(int(Path(f"/proc/{pid}/task/{task}/schedstat").read_text().split()[0]) for task in threads(pid)) / 1e9


def threads(pid: int) -> list[str]:
    return [entry.name for entry in Path(f"/proc/{pid}/task").iterdir()]


def rss_mib(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


async def started(fps: float, tone: bool) -> tuple[asyncio.subprocess.Process, str]:
    command = (sys.executable, "-m", __spec__.name, "--serve", str(fps), str(int(tone)))
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    assert process.stderr is not None
    while line := (await process.stderr.readline()).decode():
        if found := re.search(r"served at (http://[\d.:]+)/whep", line):
            return process, found[1]
    raise SystemExit("the streamer did not start")


async def case(fps: float, viewers: int, tone: bool, seconds: float) -> None:
    process, base = await started(fps, tone)
    await asyncio.sleep(1)
    start = cpu_s(process.pid)
    await asyncio.sleep(seconds)
    idle = (cpu_s(process.pid) - start) / seconds
    watching = [TextbookViewer(base) for _ in range(viewers)]
    for viewer in watching:
        await viewer.connect()
        viewer.drop_datagrams(lambda datagram: 127 < datagram[0] < 192)
    await asyncio.sleep(2)
    first = watching[0].last(StreamerStatistics)
    start = cpu_s(process.pid)
    await asyncio.sleep(seconds)
    used = (cpu_s(process.pid) - start) / seconds
    last = watching[0].last(StreamerStatistics)
    assert isinstance(first, StreamerStatistics)
    assert isinstance(last, StreamerStatistics)
    pictures = last.pictures - first.pictures
    per_picture = f"{(used - idle) * seconds / pictures * 1000:6.2f}" if pictures else "     -"
    print(
        f"{fps:4.0f} {viewers:7d} {'yes' if tone else 'no':>5} {idle * 100:8.2f} {used * 100:8.2f} {per_picture:>10} "
        f"{rss_mib(process.pid):8.1f} {len(threads(process.pid)):7d}  {last.stages_ms}"
    )
    for viewer in watching:
        await viewer.close()
    process.terminate()
    await process.wait()


async def main(seconds: float) -> None:
    print(" fps viewers  tone   idle %  watch %  ms/picture  RSS MiB threads  mean ms by stage")
    for fps, viewers, tone in CASES:
        await case(fps, viewers, tone, seconds)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        sys.exit(serve(float(sys.argv[2]), sys.argv[3] == "1"))
    asyncio.run(main(float(sys.argv[1]) if sys.argv[1:] else 8.0))
