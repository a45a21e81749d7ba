"""Marker and saving against a scripted monitor; the real ones are tested with the emulator."""

import asyncio
import json
from pathlib import Path

import pytest

from backend.qemu import snapshot
from backend.qemu.errors import CommandError, SnapshotError
from backend.qemu.monitor import connect

GREETING = {"QMP": {"version": {"qemu": {"major": 7, "minor": 2, "micro": 0}, "package": ""}, "capabilities": []}}


class ScriptedQemu:
    """A QMP server that answers each command with the next of its answers, the last one for ever."""

    def __init__(self, answers: dict[str, list[object]]) -> None:
        self._answers = answers
        self.commands: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one client."""
        writer.write(json.dumps(GREETING).encode() + b"\n")
        while part := await reader.read(65536):
            # The library sends its next command after the answer to the last, and ends none with a line feed.
            request = json.loads(part)
            name = request["execute"]
            self.commands.append(name)
            answers = self._answers.get(name, [{}])
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            refused = isinstance(answer, str) and answer.startswith("refused: ")
            body = {"error": {"class": "GenericError", "desc": answer}} if refused else {"return": answer}
            writer.write(json.dumps(body | {key: request[key] for key in ("id",) if key in request}).encode() + b"\n")
        writer.close()


async def with_monitor(directory: Path, qemu: ScriptedQemu, *, act: str) -> None:
    path = directory / "control.qmp"
    async with await asyncio.start_unix_server(qemu.serve, path), connect(path) as monitor:
        await (snapshot.marker(monitor) if act == "marker" else snapshot.save(monitor))


async def test_the_marker_is_found_also_when_it_arrives_in_two_parts(short_directory: Path) -> None:
    qemu = ScriptedQemu({"ringbuf-read": ["", "B 12\nS 1 R 2\nR", " 300\n"]})
    await with_monitor(short_directory, qemu, act="marker")
    assert qemu.commands.count("ringbuf-read") == 3


async def test_a_guest_without_marker_is_told_which_setting_helps(
    short_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "MARKER_S", 0.1)
    with pytest.raises(SnapshotError, match='set ready = "delay"'):
        await with_monitor(short_directory, ScriptedQemu({"ringbuf-read": ["K R 1\n"]}), act="marker")


async def test_the_guest_stands_while_it_is_saved_and_goes_on_afterwards(short_directory: Path) -> None:
    jobs: list[object] = [[{"id": "loco-save", "status": status}] for status in ("running", "concluded")]
    qemu = ScriptedQemu({"query-jobs": jobs})
    await with_monitor(short_directory, qemu, act="save")
    assert qemu.commands[1:] == ["stop", "snapshot-save", "query-jobs", "query-jobs", "job-dismiss", "cont"]


async def test_a_job_that_failed_is_told_and_the_guest_goes_on(short_directory: Path) -> None:
    job = {"id": "loco-save", "status": "concluded", "error": "No space left on device"}
    qemu = ScriptedQemu({"query-jobs": [[job]]})
    with pytest.raises(SnapshotError, match="No space left on device"):
        await with_monitor(short_directory, qemu, act="save")
    assert qemu.commands[-2:] == ["job-dismiss", "cont"]


async def test_a_refused_job_lets_the_guest_go_on(short_directory: Path) -> None:
    qemu = ScriptedQemu({"snapshot-save": ["refused: no block device can hold it"]})
    with pytest.raises(CommandError, match="no block device"):
        await with_monitor(short_directory, qemu, act="save")
    assert qemu.commands[-1] == "cont"
