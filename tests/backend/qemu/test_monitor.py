import asyncio
from pathlib import Path

import pytest

from backend.qemu.errors import MonitorError
from backend.qemu.monitor import connect


async def test_nobody_there_is_a_clear_error(short_directory: Path) -> None:
    with pytest.raises(MonitorError, match=r"stream\.qmp cannot be reached"):
        async with connect(short_directory / "stream.qmp"):
            pass


@pytest.mark.parametrize("said", [b"garbage\n", b'{"QMP": 3}\n', b"", b"\xff" * 100 + b"\n"])
async def test_a_peer_that_is_not_qemu_is_a_clear_error(short_directory: Path, said: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        writer.close()

    async with await asyncio.start_unix_server(talk, short_directory / "stream.qmp"):
        with pytest.raises(MonitorError, match="cannot be reached"):
            async with connect(short_directory / "stream.qmp"):
                pass
