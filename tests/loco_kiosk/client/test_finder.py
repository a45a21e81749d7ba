import asyncio
import socket
import time
from dataclasses import replace

import pytest
from zeroconf import ServiceInfo
from zeroconf.asyncio import AsyncZeroconf

from backend.contract.routes import ZEROCONF_TYPE
from loco_kiosk.client import finder
from loco_kiosk.client.finder import FoundBackend, choose, find, told_choice


def announced(name: str, port: int, *addresses: str) -> ServiceInfo:
    packed = [socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address) for address in addresses]
    return ServiceInfo(ZEROCONF_TYPE, f"{name}.{ZEROCONF_TYPE}", port=port, addresses=packed, server=f"{name}.local.")


async def test_the_configured_address_wins_without_a_look_at_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(finder, "AsyncZeroconf")
    found = await find(configured="http://wall:8480/", zeroconf=True, timeout_s=5)
    assert [backend.url for backend in found] == ["http://wall:8480"]


async def test_nothing_is_found_where_looking_is_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(finder, "AsyncZeroconf")
    assert await find(configured="", zeroconf=False, timeout_s=5) == ()
    assert await find(configured="", zeroconf=True, timeout_s=0) == ()


async def test_backends_that_announce_themselves_are_found_all_and_in_order() -> None:
    async with AsyncZeroconf() as network:
        for info in (announced("zebra", 8482, "192.0.2.7"), announced("aurora", 8481, "192.0.2.6")):
            await (await network.async_register_service(info, cooperating_responders=True))
        found = await find(configured="", zeroconf=True, timeout_s=5)
        await network.async_unregister_all_services()
    mine = [backend for backend in found if backend.url.startswith("http://192.0.2.")]
    assert mine == [FoundBackend("aurora", "http://192.0.2.6:8481"), FoundBackend("zebra", "http://192.0.2.7:8482")]


async def test_the_wait_is_bounded_where_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finder, "ZEROCONF_TYPE", "_loco-nobody._tcp.local.")
    begin = time.monotonic()
    assert await find(configured="", zeroconf=True, timeout_s=0.3) == ()
    assert time.monotonic() - begin < 3


async def test_a_machine_without_network_starts_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network() -> AsyncZeroconf:
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(finder, "AsyncZeroconf", no_network)
    assert await find(configured="", zeroconf=True, timeout_s=1) == ()


@pytest.mark.parametrize(
    ("addresses", "port", "url"),
    [
        (("2001:db8::1", "192.0.2.1"), 8480, "http://192.0.2.1:8480"),
        (("2001:db8::1",), 8480, "http://[2001:db8::1]:8480"),
        (("fe80::1",), 8480, ""),
        (("192.0.2.1",), 0, ""),
        ((), 8480, ""),
    ],
)
def test_an_address_that_a_url_can_carry_is_chosen(addresses: tuple[str, ...], port: int, url: str) -> None:
    assert finder._url(announced("x", port, *addresses)) == url


AURORA, ZEBRA = FoundBackend("aurora", "http://192.0.2.6:8480"), FoundBackend("zebra", "http://192.0.2.7:8480")


@pytest.mark.parametrize("url", ["http://127.0.0.1:8480", "http://[::1]:8480"])
def test_of_several_backends_the_one_of_this_machine_is_shown(url: str) -> None:
    here = FoundBackend("here", url)
    assert choose((AURORA, here, ZEBRA)) == here


def test_without_one_of_this_machine_the_first_is_shown() -> None:
    assert choose((AURORA, ZEBRA)) == AURORA
    assert choose((ZEBRA,)) == ZEBRA


def test_where_zones_are_known_one_in_the_kiosks_zone_is_shown_and_any_where_there_is_none() -> None:
    far, near = replace(AURORA, zone="hall-1"), replace(ZEBRA, zone="hall-2")
    here = FoundBackend("here", "http://127.0.0.1:8480", zone="hall-1")
    assert choose((far, near), zone="hall-2") == near
    assert choose((far, near), zone="hall-3") == far
    assert choose((far, near)) == far
    assert choose((far, ZEBRA), zone="hall-2") == far
    assert choose((far, near), "aurora", "hall-2") == far, "whom the visitor wants comes first"
    assert choose((far, near, here), zone="hall-2") == here, "nothing is nearer than this machine"


def test_a_choice_among_several_is_told_with_the_others_and_their_addresses() -> None:
    told = told_choice(AURORA, (AURORA, ZEBRA))
    assert "this is aurora" in told
    assert "zebra (http://192.0.2.7:8480)" in told
    assert told_choice(AURORA, (AURORA,)) == ""


def test_the_wanted_wall_is_shown_where_it_answers_even_before_that_of_this_machine() -> None:
    here = FoundBackend("here", "http://127.0.0.1:8480")
    assert choose((AURORA, here, ZEBRA), "zebra") == ZEBRA
    assert choose((AURORA, here), "zebra") == here


async def test_the_wanted_wall_is_worth_waiting_for_and_tells_its_size() -> None:
    async with AsyncZeroconf() as network:
        await (
            await network.async_register_service(announced("aurora", 8481, "192.0.2.6"), cooperating_responders=True)
        )
        late = announced("zebra", 8482, "192.0.2.7")
        late._set_properties({"instances": "9", "zone": "hall-2"})
        async with asyncio.TaskGroup() as tasks:
            search = tasks.create_task(find(configured="", zeroconf=True, timeout_s=8, wanted="zebra"))
            await asyncio.sleep(0.5)
            await (await network.async_register_service(late, cooperating_responders=True))
        await network.async_unregister_all_services()
    assert FoundBackend("zebra", "http://192.0.2.7:8482", 9, "hall-2") in search.result()


@pytest.mark.parametrize(("told", "machines"), [("9", 9), ("", None), ("many", None), ("1234567", None), ("-1", None)])
def test_the_size_that_a_wall_tells_is_a_number_or_nothing(told: str, machines: int | None) -> None:
    info = announced("x", 8480, "192.0.2.1")
    info._set_properties({"instances": told})
    assert finder._machines(info) == machines
