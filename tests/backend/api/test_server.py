import asyncio
import errno
import logging
import socket

import aiohttp
import pytest
from aiohttp import web

from backend.api import server
from backend.api.server import ListenError, bind, is_loopback, serving, url_of
from tests.backend.fake_streamer import until


async def hello(_request: web.Request) -> web.Response:
    return web.Response(text="hello")


def test_a_busy_port_is_named_with_what_to_do() -> None:
    with bind("127.0.0.1", 0) as first, pytest.raises(ListenError) as caught:
        bind("127.0.0.1", first.getsockname()[1])
    words = str(caught.value)
    assert "in use by another program" in words
    assert "--port N" in words


@pytest.mark.parametrize("host", ["198.51.100.1", "no such host"])
def test_a_foreign_address_is_told(host: str) -> None:
    with pytest.raises(ListenError, match="no address of this machine"):
        bind(host, 0)


def test_a_forbidden_port_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    class Refusing(socket.socket):
        bind = refuse

    monkeypatch.setattr(socket, "socket", Refusing)
    with pytest.raises(ListenError, match="above 1023"):
        bind("127.0.0.1", 80)


@pytest.mark.parametrize(
    ("host", "start"), [("127.0.0.1", "http://127.0.0.1:"), ("0.0.0.0", "http://127.0.0.1:"), ("::1", "http://[::1]:")]
)
def test_the_url_works_from_this_machine(host: str, start: str) -> None:
    with bind(host, 0) as listener:
        assert url_of(listener) == f"{start}{listener.getsockname()[1]}"


@pytest.mark.parametrize(
    ("host", "loopback"), [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("wall", False)]
)
def test_loopback_is_told_from_the_network(host: str, loopback: bool) -> None:
    assert is_loopback(host) == loopback


@pytest.mark.parametrize(
    "garbage",
    [b"\x16\x03\x01\x02\x00garbage\r\n\r\n", b"GET\r\n\r\n", b"\x00" * 4096, b"GET / HTTP/1.1\r\n" + b"A" * 100_000],
)
async def test_garbage_on_the_socket_disturbs_nobody(garbage: bytes, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    app = web.Application()
    app.router.add_get("/", hello)
    listener = bind("127.0.0.1", 0)
    async with serving(app, listener), asyncio.timeout(20):
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.getsockname()[1])
        writer.write(garbage)
        assert b" 400 " in await reader.readline()
        writer.close()
        async with aiohttp.ClientSession() as client, client.get(url_of(listener)) as response:
            assert await response.text() == "hello"
    assert not [record for record in caplog.records if record.exc_info]


async def large(_request: web.Request) -> web.Response:
    return web.Response(body=b"x" * 50_000_000)


async def test_an_answer_that_nobody_reads_is_not_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "UNREAD_S", 1.0)
    app = web.Application()
    app.router.add_get("/", large)
    listener = bind("127.0.0.1", 0)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    loop = asyncio.get_running_loop()
    with socket.socket() as caller:
        caller.setblocking(False)
        await loop.sock_connect(caller, listener.getsockname())
        await loop.sock_sendall(caller, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert runner.server is not None
        await until(lambda: runner.server and runner.server.connections)
        await until(lambda: runner.server and not runner.server.connections)
    await runner.cleanup()


@pytest.mark.parametrize("start", [b"", b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "])
async def test_a_request_that_never_comes_holds_no_connection(monkeypatch: pytest.MonkeyPatch, start: bytes) -> None:
    monkeypatch.setattr(server, "KEEP_ALIVE_S", 0.3)
    app = web.Application()
    app.router.add_get("/", hello)
    listener = bind("127.0.0.1", 0)
    async with serving(app, listener), asyncio.timeout(20):
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.getsockname()[1])
        writer.write(start)
        assert await reader.read() == b""
        writer.close()


async def test_the_end_has_an_order() -> None:
    stopping, seen = asyncio.Event(), list[str]()

    async def shown(_request: web.Request) -> web.Response:
        return web.Response(text="stopping" if stopping.is_set() else "serving")

    app = web.Application()
    app.router.add_get("/", shown)
    listener = bind("127.0.0.1", 0)
    url = url_of(listener)

    async def ask() -> None:
        async with aiohttp.ClientSession() as client:
            await stopping.wait()
            async with client.get(url) as response:
                seen.append(await response.text())

    async with (
        asyncio.timeout(20),
        asyncio.TaskGroup() as tasks,
        serving(app, listener, stopping=stopping, drain_s=0.5),
    ):
        tasks.create_task(ask())
        await asyncio.sleep(0)
    assert seen == ["stopping"]
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
