"""The chart on a real API server with the real controllers of its workloads; skipped where they are not installed.

Without nodes its pods wait for a place, but which of them are replaced is what a cluster with nodes would decide. The
server may be older than the chart supports: then what it does not know is switched off, as the values here do.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import helm_python
import pytest
import yaml

from tests.control_plane.plane import NAMESPACE, OF_WORKLOADS, ControlPlane, control_plane, missing
from tests.helm.rendering import CHART, Object, merged, values_of

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(bool(missing()), reason=f"needs a Kubernetes control plane; there is no {missing()}"),
]
VALUES = merged(values_of(CHART / "ci" / "14-small-values.yaml"), {"emulator": {"replicas": 3}})
WORKLOADS = 3
"""The emulators' StatefulSet, and the Deployments of backend and switch."""
BACKEND = {"backend": {"settings": {"log_level": "debug"}}}


class Release:
    """One release of the chart, and the pods that come of it."""

    def __init__(self, plane: ControlPlane, chart: Path) -> None:
        self._plane = plane
        self._chart = str(chart)
        self._helm = helm_python.Config(kubeconfig_path=plane.admin_kubeconfig, namespace=NAMESPACE)

    async def install(self, values: Object) -> None:
        await asyncio.to_thread(self._helm.install, self._chart, "wall", values)

    async def upgrade(self, values: Object) -> None:
        await asyncio.to_thread(self._helm.upgrade, self._chart, "wall", values)

    async def rollback(self) -> None:
        await asyncio.to_thread(self._helm.rollback, "wall")

    async def uninstall(self) -> None:
        await asyncio.to_thread(self._helm.uninstall, "wall")

    async def pods(self, component: str) -> dict[str, str]:
        """UID of each pod that nobody is deleting, by name."""
        found = await self._plane.ask(
            "GET", f"/api/v1/namespaces/{NAMESPACE}/pods?labelSelector=app.kubernetes.io/component={component}"
        )
        metadata = [item["metadata"] for item in found["items"]]
        return {each["name"]: each["uid"] for each in metadata if "deletionTimestamp" not in each}

    async def settled(self, *, emulators: int) -> dict[str, str]:
        """The emulators' pods, once the controllers have seen the release's newest state and acted."""
        path = f"/apis/apps/v1/namespaces/{NAMESPACE}"
        async with asyncio.timeout(30):
            while True:
                sets = (await self._plane.ask("GET", f"{path}/statefulsets"))["items"]
                sets += (await self._plane.ask("GET", f"{path}/deployments"))["items"]
                seen = all(
                    each.get("status", {}).get("observedGeneration") == each["metadata"]["generation"] for each in sets
                )
                pods = await self.pods("emulator")
                if seen and len(sets) == WORKLOADS and len(pods) == emulators and await self.pods("backend"):
                    return pods
                await asyncio.sleep(0.1)

    async def replaced(self, component: str, before: dict[str, str]) -> None:
        """Wait until a pod is another than before."""
        async with asyncio.timeout(30):
            while set((await self.pods(component)).values()) <= set(before.values()):  # noqa: ASYNC110 - asked by HTTP
                await asyncio.sleep(0.1)


@asynccontextmanager
async def released() -> AsyncIterator[Release]:
    with tempfile.TemporaryDirectory(prefix="loco-plane-") as name:
        chart = Path(name) / "chart" / "loco"
        shutil.copytree(CHART, chart)
        about = yaml.safe_load((chart / "Chart.yaml").read_text(encoding="utf-8"))
        del about["kubeVersion"]
        (chart / "Chart.yaml").write_text(yaml.safe_dump(about), encoding="utf-8")
        async with control_plane(Path(name), OF_WORKLOADS) as plane:
            yield Release(plane, chart)


async def test_upgrade_and_rollback_replace_no_emulator_that_did_not_change() -> None:
    async with released() as release:
        await release.install(VALUES)
        first = await release.settled(emulators=3)
        assert set(first) == {f"wall-loco-emulator-{ordinal}" for ordinal in range(3)}

        backends = await release.pods("backend")
        await release.upgrade(merged(VALUES, BACKEND))
        await release.replaced("backend", backends)
        assert await release.settled(emulators=3) == first, "the backend's settings are not the emulators'"

        await release.upgrade(merged(VALUES, merged(BACKEND, {"emulator": {"replicas": 4}})))
        more = await release.settled(emulators=4)
        assert first.items() < more.items(), "another PC leaves the others alone"

        await release.rollback()
        assert await release.settled(emulators=3) == first, "and so does its removal, by a rollback"

        await release.upgrade(merged(VALUES, {"streamer": {"settings": {"quantizer": 23}}}))
        await release.replaced("emulator", first)

        await release.uninstall()
        async with asyncio.timeout(30):
            while await release.pods("emulator") or await release.pods("backend"):  # noqa: ASYNC110 - asked by HTTP
                await asyncio.sleep(0.1)
