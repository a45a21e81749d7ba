import asyncio
from pathlib import Path

import pytest

from backend.discovery.kubernetes.api import KubeApi
from backend.discovery.kubernetes.credentials import KubeConfig
from backend.discovery.kubernetes.errors import ClusterConfigError, ConnectionLostError, UnauthorizedError
from backend.discovery.kubernetes.statistics import Statistics
from tests.backend.discovery.kubernetes import certificates
from tests.backend.discovery.kubernetes.following import PODS
from tests.fakes.kube_api.server import KubeApiServer, kubeconfig


async def get(api: KubeApi) -> dict[str, object]:
    return await api.get(PODS.path, {}, resource="pods", verb="list")


async def test_a_token_that_expired_is_read_again_and_nobody_notices(server: KubeApiServer, tmp_path: Path) -> None:
    server.behaviour.token = "old"
    file = tmp_path / "config"
    file.write_text(kubeconfig(server.url, token="old"))
    statistics = Statistics()
    async with await KubeApi.sign_in(KubeConfig(file), statistics) as api:
        await get(api)
        server.behaviour.token = "new"
        file.write_text(kubeconfig(server.url, token="new"))
        await asyncio.gather(*(get(api) for _ in range(5)))
    assert statistics.api_calls["pods", "list", "200"] == 6


async def test_a_token_that_is_still_the_same_is_not_tried_again(server: KubeApiServer, tmp_path: Path) -> None:
    server.behaviour.token = "new"
    file = tmp_path / "config"
    file.write_text(kubeconfig(server.url, token="old"))
    async with await KubeApi.sign_in(KubeConfig(file), Statistics()) as api:
        with pytest.raises(UnauthorizedError):
            await get(api)
        assert server.asked("list") == 1
        file.unlink()
        with pytest.raises(ClusterConfigError, match="no kubeconfig"):
            await get(api)


async def test_an_authority_that_was_replaced_is_trusted_from_then_on_and_the_old_one_no_more(tmp_path: Path) -> None:
    old, new = certificates.make(tmp_path / "old"), certificates.make(tmp_path / "new")
    authority, file = tmp_path / "ca.crt", tmp_path / "kubeconfig"
    authority.write_bytes(old.authority.read_bytes())
    before = KubeApiServer(tls=old.server_context())
    await before.start()
    file.write_text(kubeconfig(before.url, authority=str(authority)))
    async with await KubeApi.sign_in(KubeConfig(file), Statistics()) as api:
        assert await get(api)
        await before.stop()
        authority.write_bytes(new.authority.read_bytes())
        after = KubeApiServer(tls=new.server_context())
        after.port = before.port
        await after.start()
        with pytest.raises(ConnectionLostError, match="not trusted"):
            await get(api)
        assert await get(api)
        await after.stop()
        await before.start()
        with pytest.raises(ConnectionLostError, match="not trusted"):
            await get(api)
        await before.stop()
