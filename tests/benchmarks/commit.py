"""``./loco bench commit``: from the commit of a change in a real control plane to what the backend serves.

Needs etcd, kube-apiserver and kube-controller-manager; CONTRIBUTING.md says where to get them. Each change is a patch
of a pod's status; it is committed at some time between sending it and its answer, so both are told. The floor is the
patch itself: what etcd and the API server take.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks._stage import Backend, backend
from tests.benchmarks.discovery import Figures, spread
from tests.control_plane.plane import ControlPlane, Pods, control_plane, missing

GOALS = {"one change, from the answer to the event stream, p95 ms": "< 50"}


class Changes:
    """Changes pods and takes times."""

    def __init__(self, plane: ControlPlane, one: Backend) -> None:
        self._pods = Pods(plane)
        self._one = one
        self.samples_ms: dict[str, list[float]] = {"the patch alone": []}

    async def make(self, ordinals: list[int], *, ready: bool, kind: str) -> None:
        """Change pods, all at once."""
        wanted = "ready" if ready else "degraded"
        times = await asyncio.gather(*(self._pods.set_ready(ordinal, ready=ready) for ordinal in ordinals))
        ids = [f"instance-{ordinal}" for ordinal in ordinals]
        async with asyncio.timeout(20):
            while any(self._one.arrived[each][0] != wanted for each in ids):  # noqa: ASYNC110 - told by another task
                await asyncio.sleep(0.001)
        for each, (sent_s, answered_s) in zip(ids, times, strict=True):
            told_s = self._one.arrived[each][1]
            self._note("the patch alone", answered_s - sent_s)
            self._note(f"{kind}, from sending it to the event stream", told_s - sent_s)
            self._note(f"{kind}, from the answer to the event stream", max(0.0, told_s - answered_s))

    async def live(self, ordinal: int, *, ready: bool) -> None:
        """One change, until an answer of ``/api/instances/live`` had it."""
        wanted = "ready" if ready else "degraded"
        _, answered_s = await self._pods.set_ready(ordinal, ready=ready)
        async with asyncio.timeout(20):
            while (await self._one.live())[f"instance-{ordinal}"] != wanted:
                pass
        self._note("one change, from the answer to /api/instances/live", time.monotonic() - answered_s)

    def _note(self, name: str, seconds: float) -> None:
        self.samples_ms.setdefault(name, []).append(seconds * 1000)


async def measure(rounds: int) -> Figures:
    """Nine pods."""
    with tempfile.TemporaryDirectory(prefix="loco-plane-") as directory:
        async with control_plane(Path(directory)) as plane:
            pods = Pods(plane)
            for ordinal in range(9):
                await pods.create(ordinal)
            async with backend(plane, 9) as one:
                changes = Changes(plane, one)
                for number in range(rounds):
                    for ready in (False, True):
                        await changes.make([number % 9], ready=ready, kind="one change")
                        await asyncio.sleep(random.uniform(0.05, 0.15))
                        await changes.live((number + 1) % 9, ready=ready)
                        await asyncio.sleep(random.uniform(0.05, 0.15))
                for _ in range(max(1, rounds // 10)):
                    for ready in (False, True):
                        await changes.make(list(range(9)), ready=ready, kind="nine at once")
                        await asyncio.sleep(1.5)
    return {
        name: value for kind, samples in changes.samples_ms.items() for name, value in spread(kind, samples).items()
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="./loco bench commit", description=__doc__)
    parser.add_argument("--rounds", type=int, default=40, help="single changes, there and back")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    if lacking := missing():
        sys.exit(f"There is no {lacking}: put it on the PATH, or name its directory in KUBEBUILDER_ASSETS.")
    figures = asyncio.run(measure(options.rounds))
    for name, value in figures.items():
        print(f"{name:64} {value:8.1f}  {GOALS.get(name, '')}")
    if options.json is not None:
        options.json.write_text(json.dumps({"loco": figures, "goals": GOALS}, indent=2) + "\n")


if __name__ == "__main__":
    main()
