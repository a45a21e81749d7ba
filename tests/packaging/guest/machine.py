"""One demo guest in a real QEMU, driven by a few lines of raw QMP."""

import json
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from tests.packaging.guest.relay import Cable

Picture = NDArray[np.uint8]

LAMP = (slice(16, 64), slice(16, 80))
"""Rows and columns of the lamp, as the README promises them."""
NUMBER = (slice(60, 148), slice(484, 572))
TRAIN = slice(294, 388)
PATIENCE_S = 10.0


def wait_until(holds: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> None:
    """Looks again and again until something holds; fails with `what` after some time."""
    deadline = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < deadline, f"waited {patience_s} s in vain for {what}"
        time.sleep(0.01)


class Machine:
    """A guest that runs while the context lasts. Settings are the names behind `opt/loco/`."""

    def __init__(
        self,
        directory: Path,
        image: Path,
        *,
        audio: str = "none",
        vga: str = "std",
        cable: Cable | None = None,
        **settings: str,
    ) -> None:
        directory.mkdir()
        self._cable = cable
        self._directory = directory
        self._monitor_path = directory / "qmp"
        self._markers = ""
        self._command = [
            *("qemu-system-x86_64", "-nodefaults", "-machine", "pc,pcspk-audiodev=snd", "-accel", "tcg", "-m", "32"),
            *("-display", "none", "-vga", vga, "-audiodev", f"{audio},id=snd", "-device", "sb16,audiodev=snd"),
            *("-blockdev", f"driver=qcow2,node-name=disk0,file.driver=file,file.filename={self._overlay(image)}"),
            *("-device", "ide-hd,drive=disk0", "-chardev", "ringbuf,id=debug,size=65536"),
            *("-device", "isa-debugcon,iobase=0xe9,chardev=debug"),
            *("-qmp", f"unix:{self._monitor_path},server=on,wait=off"),
        ]
        if cable is not None:
            ends = f"local.type=unix,local.path={cable.guest},remote.type=unix,remote.path={cable.relay}"
            self._command += ["-netdev", f"dgram,id=lan,{ends}", "-device", f"ne2k_isa,netdev=lan,mac={cable.mac}"]
        for name, value in settings.items():
            self._command += ["-fw_cfg", f"name=opt/loco/{name},string={value}"]

    def _overlay(self, image: Path) -> Path:
        overlay = self._directory / "overlay.qcow2"
        arguments = ["qemu-img", "create", "-q", "-f", "qcow2", "-b", str(image), "-F", "raw", str(overlay)]
        subprocess.run(arguments, check=True)
        return overlay

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, stderr=subprocess.PIPE)
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(PATIENCE_S)
        wait_until(lambda: self._socket.connect_ex(str(self._monitor_path)) == 0, "the monitor")
        self._stream = self._socket.makefile("rwb")
        self._stream.readline()
        self.execute("qmp_capabilities")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
        self._socket.close()
        self._process.terminate()
        self._process.communicate()

    @property
    def cable(self) -> Cable:
        """Where its network card is plugged in."""
        assert self._cable is not None
        return self._cable

    def execute(self, command: str, **arguments: Any) -> Any:
        """One QMP command; events that arrive meanwhile are passed over."""
        self._stream.write(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")
        self._stream.flush()
        while True:
            reply = json.loads(self._stream.readline())
            assert "error" not in reply, reply
            if "return" in reply:
                return reply["return"]

    def monitor(self, line: str) -> str:
        """One command of the human monitor."""
        answer: str = self.execute("human-monitor-command", **{"command-line": line})
        return answer

    def markers(self, letter: str) -> list[list[str]]:
        """The words of every marker line so far that starts with a letter."""
        self._markers += self.execute("ringbuf-read", device="debug", size=65536)
        lines = self._markers.split("\n")[:-1]
        return [line.split() for line in lines if line.startswith(letter)]

    def wait_for_markers(self, letter: str, count: int = 1) -> list[list[str]]:
        """The markers of a kind, as soon as there are so many."""
        wait_until(lambda: len(self.markers(letter)) >= count, f"{count} markers {letter}")
        return self.markers(letter)

    def picture(self) -> Picture:
        """The screen as (480, 640, 3)."""
        path = self._directory / "screen.ppm"
        self.execute("screendump", filename=str(path))
        kind, size, _depth, pixels = path.read_bytes().split(b"\n", 3)
        assert (kind, size) == (b"P6", b"640 480")
        return np.frombuffer(pixels, np.uint8).reshape(480, 640, 3)

    def key(self, name: str, *, down: bool) -> None:
        """Presses or releases a key by its QKeyCode name."""
        key = {"down": down, "key": {"type": "qcode", "data": name}}
        self.execute("input-send-event", events=[{"type": "key", "data": key}])

    def tap(self, name: str) -> None:
        """Presses and releases a key."""
        self.key(name, down=True)
        self.key(name, down=False)

    def move(self, across: int, down: int) -> None:
        """Moves the mouse."""
        axes = [{"type": "rel", "data": {"axis": axis, "value": by}} for axis, by in (("x", across), ("y", down))]
        self.execute("input-send-event", events=axes)

    def place(self, x: int, y: int) -> None:
        """Puts an absolute pointer at a pixel."""
        shares = (("x", (2 * x + 1) * 0x8000 // 1280), ("y", (2 * y + 1) * 0x8000 // 960))
        axes = [{"type": "abs", "data": {"axis": axis, "value": value}} for axis, value in shares]
        self.execute("input-send-event", events=axes)

    def button(self, name: str, *, down: bool) -> None:
        """Presses or releases a mouse button."""
        self.execute("input-send-event", events=[{"type": "btn", "data": {"down": down, "button": name}}])

    def cpu_seconds(self) -> float:
        """CPU time of the whole QEMU process so far."""
        tasks = Path(f"/proc/{self._process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9
