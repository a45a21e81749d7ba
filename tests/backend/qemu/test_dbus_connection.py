"""The main connection against a peer that speaks like QEMU, and peers that do not."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from backend.contract.tasks import TaskScope
from backend.qemu.dbus_connection import MAX_WAITING_BYTES, DbusConnection, Method
from backend.qemu.dbus_wire import FIXED_BYTES, FieldCode, Kind, Message, encode, read_fields, read_fixed
from backend.qemu.errors import DisplayError

METHOD = Method("/a", "a.B", "Do", "u")

Server = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def authenticate(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n")
    writer.write(b"OK 0123\r\n")
    await reader.readuntil(b"\r\n")
    writer.write(b"AGREE_UNIX_FD\r\n")
    assert await reader.readuntil(b"\r\n") == b"BEGIN\r\n"


async def read_call(reader: asyncio.StreamReader) -> Message:
    fixed = read_fixed(await reader.readexactly(FIXED_BYTES))
    head = await reader.readexactly(fixed.padded_fields_bytes)
    body = await reader.readexactly(fixed.body_bytes)
    return Message(fixed.kind, fixed.flags, fixed.serial, read_fields(head[: fixed.fields_bytes]), body)


@asynccontextmanager
async def connected(server: Server, signals: list[Message] | None = None) -> AsyncIterator[DbusConnection]:
    ours, theirs = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=theirs)
    tasks = TaskScope("test")
    tasks.spawn(serve(server, reader, writer), "server")
    connection = DbusConnection(ours, (signals if signals is not None else []).append)
    try:
        yield connection
    finally:
        await tasks.close()
        connection.close()
        writer.close()


async def serve(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await server(reader, writer)


async def test_an_answer_finds_its_call() -> None:
    async def server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await authenticate(reader, writer)
        call = await read_call(reader)
        assert str(call.fields[FieldCode.SENDER]).startswith(":1.")
        writer.write(encode(Kind.SIGNAL, 1, {FieldCode.MEMBER: "PropertiesChanged"}))
        writer.write(encode(Kind.RETURN, 2, {FieldCode.REPLY_SERIAL: call.serial + 50}, b"not this"))
        writer.write(encode(Kind.RETURN, 3, {FieldCode.REPLY_SERIAL: call.serial}, b"this"))

    signals: list[Message] = []
    async with connected(server, signals) as connection:
        await connection.open()
        tasks = TaskScope("serve")
        tasks.spawn(connection.serve(), "serve")
        assert (await connection.call(METHOD, b"\0\0\0\0")).body == b"this"
        assert [signal.member for signal in signals] == ["PropertiesChanged"]
        await tasks.close()


async def test_a_refusal_is_raised_with_its_name() -> None:
    async def server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await authenticate(reader, writer)
        call = await read_call(reader)
        fields: dict[FieldCode, str | int] = {FieldCode.ERROR_NAME: "org.x.No", FieldCode.REPLY_SERIAL: call.serial}
        writer.write(encode(Kind.ERROR, 1, fields))

    async with connected(server) as connection:
        await connection.open()
        tasks = TaskScope("serve")
        tasks.spawn(connection.serve(), "serve")
        with pytest.raises(DisplayError, match=r"refused Do: org\.x\.No"):
            await connection.call(METHOD, b"\0\0\0\0")
        await tasks.close()


@pytest.mark.parametrize("said", [b"HTTP/1.1 400 Bad Request\r\n", b"x" * 100_000, b""])
async def test_a_peer_that_is_not_qemu_is_refused(said: bytes) -> None:
    async def server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        writer.close()

    async with connected(server) as connection:
        with pytest.raises(DisplayError, match="authentication"):
            await connection.open()


@pytest.mark.parametrize("said", [b"garbage that is no message", b"l\1\0\1", b""])
async def test_garbage_ends_serving_with_a_reason(said: bytes) -> None:
    async def server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await authenticate(reader, writer)
        writer.write(said)
        writer.close()

    async with connected(server) as connection:
        await connection.open()
        with pytest.raises(DisplayError):
            await connection.serve()


async def test_inputs_to_a_qemu_that_reads_nothing_are_refused_and_not_kept_for_ever() -> None:
    async with connected(authenticate) as connection:
        await connection.open()
        sent = 0
        while connection.send(METHOD, bytes(1024)):
            sent += 1
            assert sent * 1024 < MAX_WAITING_BYTES + 4_000_000


async def test_before_it_is_open_nothing_is_sent() -> None:
    async with connected(authenticate) as connection:
        assert not connection.send(METHOD, b"")


async def test_a_qemu_that_believes_nobody_says_what_it_needs() -> None:
    async def server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n")
        writer.write(b"REJECTED EXTERNAL DBUS_COOKIE_SHA1\r\n")

    async with connected(server) as connection:
        with pytest.raises(DisplayError, match="one process namespace"):
            await connection.open()
