import asyncio
import dataclasses

import pytest

from backend.discovery.kubernetes.errors import ApiStatusError, KubernetesError
from tests.backend.discovery.kubernetes.following import QUICK, following, truth
from tests.fakes.kube_api.cluster import line_of
from tests.fakes.kube_api.objects import pod
from tests.fakes.kube_api.server import Fault, KubeApiServer


async def test_it_lists_and_then_tells_each_change(server: KubeApiServer) -> None:
    async with following(server.url) as one:
        await one.until(lambda: one.names == {"emu-0", "emu-1", "emu-2"})
        assert one.reflector.phase == "live"
        assert one.told[0] == ("syncing", "", 0)
        await server.cluster.put("pods", pod(3))
        await one.until(lambda: "emu-3" in one.names)
        await server.cluster.delete("pods", "emu-0")
        await one.until(lambda: "emu-0" not in one.names)
        assert one.versions == truth(server.cluster)
        assert (one.counters.lists, one.counters.events) == (1, 2)


async def test_it_watches_from_the_version_of_the_list_with_bookmarks_and_its_selectors(server: KubeApiServer) -> None:
    async with following(server.url) as one:
        await one.until(lambda: server.asked("watch"))
    asked = next(query for query in server.parameters if query.get("watch"))
    assert asked["resourceVersion"] == str(server.cluster.version)
    assert asked["allowWatchBookmarks"] == "true"
    assert asked["labelSelector"] == "app=emu"
    assert 232 <= int(asked["timeoutSeconds"]) <= 290


async def test_fields_that_nobody_reads_are_not_kept(server: KubeApiServer) -> None:
    async with following(server.url) as one:
        await one.live()
        await server.cluster.put("pods", pod(3))
        await one.until(lambda: len(one.names) == 4)
        assert not any("managedFields" in item["metadata"] for item in one.reflector.objects.values())


async def test_what_arrives_together_is_told_together(server: KubeApiServer) -> None:
    async with following(server.url) as one:
        await one.until(lambda: server.asked("probe"))
        before = len(one.told)
        await server.cluster.put_all("pods", [pod(ordinal, padding=6000) for ordinal in range(100)])
        await one.until(lambda: len(one.names) == 100)
        assert one.counters.events == 100
        assert len(one.told) - before <= 4


async def test_it_notes_when_the_bytes_of_a_change_arrived(server: KubeApiServer) -> None:
    async with following(server.url) as one:
        await one.live()
        await one.until(lambda: server.asked("watch"))
        before = asyncio.get_running_loop().time()
        await server.cluster.put("pods", pod(1, ready=False))
        await one.until(lambda: one.counters.events)
        assert before <= one.reflector.received_s <= asyncio.get_running_loop().time()


async def test_a_watch_that_the_server_ends_goes_on_from_its_version(server: KubeApiServer) -> None:
    server.behaviour.end_watches_after_s = 0.1
    async with following(server.url) as one:
        await one.until(lambda: one.counters.restarts >= 3)
        await server.cluster.put("pods", pod(3))
        await one.until(lambda: len(one.names) == 4)
        assert one.counters.lists == 1
        assert {phase for phase, _, _ in one.told} == {"syncing", "live"}


async def test_a_bookmark_moves_the_version_that_the_next_watch_begins_at(server: KubeApiServer) -> None:
    server.behaviour.bookmark_every_s = 0.02
    server.behaviour.end_watches_after_s = 0.15
    async with following(server.url) as one:
        await one.live()
        for _ in range(5):  # of others: the watch tells nothing of them
            await server.cluster.put("pods", pod(7, labels={"app": "other"}))
        newest = str(server.cluster.version)
        await one.until(lambda: server.parameters[-1].get("resourceVersion") == newest)
        assert one.counters.bookmarks > 0
        assert one.counters.events == 0


@pytest.mark.parametrize("as_status", [True, False], ids=["status", "inside an answer of 200"])
async def test_410_leads_to_a_new_list_and_no_doubt(server: KubeApiServer, as_status: bool) -> None:
    server.behaviour.gone_as_status = as_status
    server.behaviour.end_watches_after_s = 0.2
    async with following(server.url) as one:
        await one.live()
        await server.cluster.put("pods", pod(9))
        await one.until(lambda: len(one.names) == 4)
        await server.cluster.lose("pods", "emu-9")
        server.cluster.forget_history()
        await one.until(lambda: one.versions == truth(server.cluster))
        assert one.counters.gone_410 == 1
        assert one.counters.lists == 2
        assert "stale" not in {phase for phase, _, _ in one.told}


async def test_a_connection_that_ends_inside_a_line_loses_nothing(server: KubeApiServer) -> None:
    async with following(server.url) as one:
        await one.live()
        await one.until(lambda: server.asked("watch"))
        server.behaviour.cut_next_line = True
        await server.cluster.put("pods", pod(1, ready=False))
        await one.until(lambda: one.versions == truth(server.cluster))
        assert one.counters.lists == 1
        assert one.counters.malformed == 0


async def test_a_garbled_line_is_counted_and_leads_to_a_new_list(server: KubeApiServer) -> None:
    async with following(server.url) as one:
        await one.live()
        await one.until(lambda: server.asked("watch"))
        server.behaviour.garble_next_line = True
        await server.cluster.put("pods", pod(1, ready=False))
        await one.until(lambda: one.versions == truth(server.cluster))
        assert one.counters.malformed == 1
        assert one.counters.lists == 2


async def test_a_list_that_fails_at_first_is_tried_again_and_the_reason_is_told(server: KubeApiServer) -> None:
    server.behaviour.faults.append(Fault(500, "list", times=3))
    async with following(server.url) as one:
        await one.until(lambda: one.reflector.reason)
        assert one.reflector.phase == "syncing"
        assert "500" in one.reflector.reason
        await one.live()
        assert one.reflector.reason == ""
        assert one.names == {"emu-0", "emu-1", "emu-2"}


async def test_a_watch_that_fails_makes_the_copy_stale_and_a_good_one_live_again(server: KubeApiServer) -> None:
    server.behaviour.end_watches_after_s = 0.1
    async with following(server.url) as one:
        await one.live()
        fault = Fault(500, "watch")
        server.behaviour.faults.append(fault)
        await one.until(lambda: one.reflector.phase == "stale")
        assert one.reflector.reason == "The API server answered 500: pretended fault 500; trying again."
        assert one.names == {"emu-0", "emu-1", "emu-2"}
        fault.times = 0
        server.behaviour.end_watches_after_s = 60
        await one.live()


async def test_while_watching_fails_lists_keep_the_copy_new_but_it_is_not_called_live(server: KubeApiServer) -> None:
    server.behaviour.faults.append(Fault(500, "watch"))
    async with following(server.url) as one:
        await one.until(lambda: one.reflector.phase == "stale")
        await server.cluster.put("pods", pod(5))
        await one.until(lambda: "emu-5" in one.names)
        assert one.reflector.phase == "stale"


async def test_a_stream_that_begins_with_200_and_then_says_410_proves_nothing(server: KubeApiServer) -> None:
    async with following(server.url) as one:
        await one.live()
        server.behaviour.storm = True
        await server.restart()
        await one.until(lambda: one.reflector.phase == "stale")
        told = len(one.told)
        await one.until(lambda: one.counters.gone_410 > 10)
        assert {phase for phase, _, _ in one.told[told:]} <= {"stale"}
        await server.cluster.put("pods", pod(4))
        await one.until(lambda: "emu-4" in one.names)  # by list
        server.behaviour.storm = False
        await one.live(1.0)


async def test_a_failed_probe_that_recovers_before_the_watch_is_torn_down_ends_the_doubt(server: KubeApiServer) -> None:
    async with following(server.url) as one:
        await one.until(lambda: server.asked("probe"))
        server.behaviour.faults.append(Fault(500, "probe", times=2))
        await one.until(lambda: one.reflector.phase == "stale")
        await one.live()
        assert one.counters.restarts == 0


async def test_403_in_the_first_moment_is_not_meant(server: KubeApiServer) -> None:
    server.behaviour.faults.append(Fault(403, "list", times=2))
    async with following(server.url) as one:
        await one.live()
        assert one.reflector.denied is False


@pytest.mark.parametrize("status", [403, 404])
async def test_a_lasting_refusal_is_told_and_ends_when_it_is_allowed(server: KubeApiServer, status: int) -> None:
    fault = Fault(status)
    server.behaviour.faults.append(fault)
    async with following(server.url) as one:
        await one.until(lambda: one.reflector.denied)
        asked = len(server.requests)
        await asyncio.sleep(0.5)
        assert len(server.requests) - asked <= 3
        fault.times = 0
        await one.live()
        assert one.reflector.denied is False


async def test_an_expired_token_is_not_taken_for_a_missing_resource(server: KubeApiServer) -> None:
    server.behaviour.token = "new"
    async with following(server.url, token="old") as one:
        await one.until(lambda: "401" in one.reflector.reason)
        await asyncio.sleep(0.5)
        assert one.reflector.denied is False
        server.behaviour.token = "old"
        await one.live()


async def test_a_refresh_lists_at_once_and_returns_with_what_was_found(server: KubeApiServer) -> None:
    async with following(server.url) as one:
        await one.live()
        server.behaviour.deaf = True
        await server.cluster.put("pods", pod(8))
        await one.reflector.refresh()
        assert "emu-8" in one.names
        assert "stale" not in {phase for phase, _, _ in one.told}


async def test_many_refreshes_at_once_share_their_lists(server: KubeApiServer) -> None:
    async with following(server.url) as one:
        await one.live()
        await asyncio.gather(*(one.reflector.refresh() for _ in range(20)))
        assert one.counters.lists <= 3


async def test_a_refresh_says_why_it_failed(server: KubeApiServer) -> None:
    async with following(server.url) as one:
        await one.live()
        server.behaviour.faults.append(Fault(500, "list"))
        with pytest.raises(ApiStatusError, match="500"):
            await one.reflector.refresh()


async def test_a_refresh_ends_with_the_reflector(server: KubeApiServer) -> None:
    server.behaviour.delay_s = 30
    async with following(server.url) as one, asyncio.TaskGroup() as tasks:
        refresh = tasks.create_task(_error_of(one.reflector.refresh()))
        await one.until(lambda: server.requests)
        server.behaviour.delay_s = 0
        await server.stop()
        assert isinstance(await refresh, KubernetesError)


async def _error_of(refresh: object) -> Exception | None:
    try:
        await refresh  # type: ignore[misc]
    except KubernetesError as error:
        return error
    return None


async def test_the_checking_list_finds_nothing_while_the_watch_tells_everything(server: KubeApiServer) -> None:
    limits = dataclasses.replace(QUICK, relist_s=0.05)
    async with following(server.url, limits=limits) as one:
        for number in range(60):
            await server.cluster.put("pods", pod(number % 5, ready=bool(number % 2)))
            await asyncio.sleep(0.01)
        await one.until(lambda: one.counters.lists >= 4)
        assert one.counters.drift == 0
        assert one.versions == truth(server.cluster)


async def test_what_the_watch_never_told_is_found_by_the_checking_list_counted_and_corrected(
    server: KubeApiServer,
) -> None:
    limits = dataclasses.replace(QUICK, relist_s=0.05)
    async with following(server.url, limits=limits) as one:
        await one.live()
        await server.cluster.lose("pods", "emu-1")
        await one.until(lambda: "emu-1" not in one.names)
        assert one.counters.drift == 1


async def test_an_error_of_the_server_inside_the_stream_is_told(server: KubeApiServer) -> None:
    async with following(server.url) as one:
        await one.live()
        error = {"kind": "Status", "code": 504, "message": "Too large resource version"}
        with pytest.raises(ApiStatusError, match="Too large resource version"):
            one.reflector._apply(line_of("ERROR", error))
