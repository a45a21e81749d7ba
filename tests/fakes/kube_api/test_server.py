"""The pretended server is held against the official client of the ``kubernetes`` package."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from kubernetes import client, config, watch

from tests.fakes.kube_api.objects import endpoint_slice, pod
from tests.fakes.kube_api.server import KubeApiServer, kubeconfig, serving

SELECTED: dict[str, Any] = {"label_selector": "app=emu"}


def pods_of(server: KubeApiServer, directory: Path) -> client.CoreV1Api:
    file = directory / "config"
    file.write_text(kubeconfig(server.url))
    load: Any = config.new_client_from_config  # has no types
    return client.CoreV1Api(load(str(file)))


def names(listed: client.V1PodList) -> list[str]:
    return [item.metadata.name for item in listed.items if item.metadata and item.metadata.name]


async def test_the_official_client_lists_and_pages(tmp_path: Path) -> None:
    async with serving() as server:
        await server.cluster.put_all("pods", [pod(ordinal) for ordinal in range(5)])
        await server.cluster.put("pods", pod(9, labels={"app": "other"}))
        api = pods_of(server, tmp_path)
        listed = await asyncio.to_thread(api.list_namespaced_pod, "loco", **SELECTED)
        assert names(listed) == [f"emu-{ordinal}" for ordinal in range(5)]
        assert listed.metadata is not None
        assert listed.metadata.resource_version == str(server.cluster.version)
        page = await asyncio.to_thread(api.list_namespaced_pod, "loco", limit=2, **SELECTED)
        assert page.metadata is not None
        rest = await asyncio.to_thread(api.list_namespaced_pod, "loco", _continue=page.metadata._continue, **SELECTED)
        assert names(page) + names(rest) == names(listed)
        empty = await asyncio.to_thread(api.list_namespaced_pod, "elsewhere")
        assert not empty.items


async def test_the_official_watch_sees_what_happens_and_only_what_it_selected(tmp_path: Path) -> None:
    async with serving() as server:
        await server.cluster.put("pods", pod(0))
        api = pods_of(server, tmp_path)
        since = str(server.cluster.version)
        plain: Any = watch.Watch  # has no types

        def follow() -> list[tuple[str, str]]:
            stream = plain().stream(
                api.list_namespaced_pod, "loco", resource_version=since, timeout_seconds=1, **SELECTED
            )
            return [(event["type"], event["object"].metadata.name) for event in stream]

        following = asyncio.get_running_loop().run_in_executor(None, follow)
        await server.cluster.put("pods", pod(9, labels={"app": "other"}))
        await server.cluster.put("pods", pod(1))
        await server.cluster.put("pods", pod(0, ready=False))
        await server.cluster.put("pods", pod(1, uid="another"))
        await server.cluster.delete("pods", "emu-0")
        told = [("ADDED", "emu-1"), ("MODIFIED", "emu-0"), ("DELETED", "emu-1"), ("ADDED", "emu-1")]
        assert await following == [*told, ("DELETED", "emu-0")]


async def test_an_older_version_is_gone_after_a_restart(tmp_path: Path) -> None:
    async with serving() as server:
        await server.cluster.put("pods", pod(0))
        api = pods_of(server, tmp_path)
        await server.restart()
        plain: Any = watch.Watch

        def follow() -> None:
            for _ in plain().stream(api.list_namespaced_pod, "loco", resource_version="100", timeout_seconds=1):
                pass

        with pytest.raises(client.ApiException, match="Expired") as caught:
            await asyncio.to_thread(follow)
        assert caught.value.status == 410


async def test_slices_are_what_the_official_client_reads(tmp_path: Path) -> None:
    async with serving() as server:
        pods = [pod(0), pod(1, ready=False), pod(2, ip=""), pod(3, deleted=True)]
        await server.cluster.put("endpointslices", endpoint_slice("emu-1", pods))
        api = client.DiscoveryV1Api(pods_of(server, tmp_path).api_client)
        listed = await asyncio.to_thread(
            api.list_namespaced_endpoint_slice, "loco", label_selector="kubernetes.io/service-name=emu"
        )
        found = listed.items[0].endpoints
        assert found is not None
        serving_now = [end.conditions.serving for end in found if end.conditions]
        leaving = [end.conditions.terminating for end in found if end.conditions]
        assert (serving_now, leaving) == ([True, False, True], [False, False, True])
