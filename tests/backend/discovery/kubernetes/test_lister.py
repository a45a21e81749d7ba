import dataclasses

import pytest

from backend.discovery.kubernetes.errors import ConnectionLostError, GarbledError, GoneError
from backend.discovery.kubernetes.limits import Limits
from backend.discovery.kubernetes.lister import full_list
from backend.discovery.kubernetes.statistics import Statistics
from tests.backend.discovery.kubernetes.following import PODS, api_for, truth, versions
from tests.fakes.kube_api.objects import pod
from tests.fakes.kube_api.server import KubeApiServer

SMALL = Limits(page=2)


async def test_a_list_is_read_page_by_page_and_complete(server: KubeApiServer) -> None:
    await server.cluster.put_all("pods", [pod(ordinal) for ordinal in range(3, 9)])
    async with api_for(server.url, Statistics()) as api:
        listing = await full_list(api, PODS, SMALL)
    assert versions(listing.objects.values()) == truth(server.cluster)
    assert listing.version == str(server.cluster.version)
    assert server.asked("list") == 5
    assert all("resourceVersion" not in query for query in server.parameters)


async def test_an_empty_list_is_a_list(server: KubeApiServer) -> None:
    async with api_for(server.url, Statistics()) as api:
        listing = await full_list(api, dataclasses.replace(PODS, label_selector="app=none"), SMALL)
    assert not listing.objects
    assert listing.version


async def test_pages_that_expired_are_told_as_gone(server: KubeApiServer) -> None:
    query = {"limit": "1", "continue": "long ago"}
    async with api_for(server.url, Statistics()) as api:
        with pytest.raises(GoneError):
            await api.get(PODS.path, query, resource="pods", verb="list")


async def test_a_list_that_never_ends_is_given_up(server: KubeApiServer) -> None:
    server.behaviour.delay_s = 1.0
    limits = dataclasses.replace(SMALL, list_s=0.1)
    async with api_for(server.url, Statistics()) as api:
        with pytest.raises(ConnectionLostError, match="took more than"):
            await full_list(api, PODS, limits)


class OnePage:
    def __init__(self, page: object) -> None:
        self.page = page

    async def get(self, *_: object, **__: object) -> object:
        return self.page


@pytest.mark.parametrize(
    "page",
    [
        {},
        {"items": 5, "metadata": {"resourceVersion": "1"}},
        {"items": [], "metadata": {}},
        {"items": [], "metadata": {"resourceVersion": ""}},
        {"items": [{"metadata": {}}], "metadata": {"resourceVersion": "1"}},
    ],
)
async def test_what_is_no_list_is_refused(page: object) -> None:
    with pytest.raises(GarbledError):
        await full_list(OnePage(page), PODS, SMALL)  # type: ignore[arg-type]


async def test_items_may_be_null() -> None:
    page = {"items": None, "metadata": {"resourceVersion": "7"}}
    listing = await full_list(OnePage(page), PODS, SMALL)  # type: ignore[arg-type]
    assert (listing.objects, listing.version) == ({}, "7")
