"""The program as its supervisor starts it."""

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from backend.streamer.app import main
from tests.backend.streamer.textbook_viewer import TextbookViewer, until


@asynccontextmanager
async def program(*arguments: str, pass_fds: tuple[int, ...] = ()) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "backend.streamer",
        *arguments,
        stderr=asyncio.subprocess.PIPE,
        pass_fds=pass_fds,
        env=os.environ | {"LOCO_STREAMER_MEDIA_ADDRESSES": "127.0.0.1"},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def ready(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    async with asyncio.timeout(20):
        while line := (await process.stderr.readline()).decode():
            if found := re.search(r"served at (http://[\d.:]+)/whep", line):
                return found[1]
    raise AssertionError("it ended")


async def test_it_serves_on_an_inherited_socket_and_stops_on_sigterm() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        number = str(listener.fileno())
        async with program("--synthetic", "--listen-fd", number, pass_fds=(listener.fileno(),)) as process:
            base = await ready(process)
            assert base == f"http://127.0.0.1:{port}"
            async with TextbookViewer(base) as viewer:
                await until(lambda: viewer.frames)
                process.send_signal(signal.SIGTERM)
                async with asyncio.timeout(20):
                    assert await process.wait() == 0
                await until(lambda: viewer.peer.connectionState in {"closed", "failed"})


async def test_it_waits_for_a_guest_that_is_not_there_yet(tmp_path: Path) -> None:
    async with program("--directory", str(tmp_path), "--listen", "127.0.0.1:0") as process:
        base = await ready(process)
        viewer = TextbookViewer(base)
        await viewer.connect()
        await viewer.close()
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(20):
            assert await process.wait() == 0


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "--directory"),
        (["--synthetic", "--quantizer", "99"], 2, "at most 40"),
        (["--synthetic", "--instance", "loco"], 2, "instance-3"),
        (["--synthetic", "--listen", "nowhere"], 2, "127.0.0.1:8481"),
        (["--synthetic", "--listen-fd", "977"], 2, "not an open socket"),
        (["--synthetic", "--listen", "192.0.2.1:9"], 1, "Cannot listen on 192.0.2.1:9"),
    ],
)
def test_a_wrong_start_is_explained(
    arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == code
    complaint = capsys.readouterr().err
    assert words in complaint
    assert "Traceback" not in complaint


def test_a_busy_port_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        assert main(["--synthetic", "--listen", address]) == 1
    assert address in capsys.readouterr().err


def test_help_names_every_setting_with_its_unit(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    assert "--max-bit-rate-bps" in text
    assert "--ice-credential" not in text
