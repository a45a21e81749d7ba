"""The whole kiosk in a process of its own, and the person before it."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
Seen = dict[str, Any]


class Kiosk:
    """A running kiosk, and the person before it."""

    def __init__(self, environment: dict[str, str], directory: Path, more: str = "") -> None:
        self.file = directory / "loco.toml"
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(str(directory / "notify"))
        self.heard: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()
        self.file.write_text(f"[kiosk]\nanimations = false\nzeroconf = false\n{more}\n")
        self._environment = environment | {
            "NOTIFY_SOCKET": str(directory / "notify"), "WATCHDOG_USEC": "1500000", "XDG_CONFIG_HOME": str(directory),
            "XDG_STATE_HOME": str(directory),
        }  # fmt: skip
        self._log = (directory / "log").open("w")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.loco_kiosk._whole_kiosk", str(self.file)],
            cwd=ROOT, env=self._environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True,
        )  # fmt: skip

    def tell(self, line: str = "look") -> Seen:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"the kiosk ended; see {self._log.name}"
        seen: Seen = json.loads(answer)
        return seen

    def until(self, condition: Callable[[Seen], object], timeout_s: float = 10.0) -> Seen:
        deadline = time.monotonic() + timeout_s
        while not condition(seen := self.tell()):
            assert time.monotonic() < deadline, f"it did not come true in {timeout_s} s: {seen}"
            time.sleep(0.02)
        return seen

    def hands(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self._environment, check=True, timeout=20)

    def key(self, *keys: str) -> None:
        self.hands("key", *keys)

    def _listen(self) -> None:
        """As a service manager does."""
        while told := self.notify.recv(4096):
            self.heard += told.decode().splitlines()

    def end(self) -> int:
        assert self._process.stdin is not None
        if self._process.poll() is None:
            self._process.stdin.write("end\n")
            self._process.stdin.flush()
        return self.ended()

    def ended(self) -> int:
        """Wait for the exit code."""
        try:
            return self._process.wait(30)
        finally:
            self._process.kill()
            self._process.communicate()
            self._log.close()
