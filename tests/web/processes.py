"""The programs that the page talks to, as children of the test: a backend, and streamers of a moving test picture."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Streamer:
    """``loco-streamer --synthetic`` on a port of its own, which survives its restarts."""

    def __init__(self, instance: str, log_file: Path) -> None:
        self.instance = instance
        self._log_file = log_file
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "backend.streamer", "--synthetic", "--instance", self.instance]
        command += ["--listen-fd", str(self._listener.fileno()), "--media-addresses", "127.0.0.1"]
        self._process = spawn(command, self._log_file, pass_fds=[self._listener.fileno()])

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        self.kill()
        self._listener.close()


class Backend:
    """``loco-backend`` with the arguments that say where its machines are."""

    def __init__(self, arguments: list[str], log_file: Path) -> None:
        reading, writing = os.pipe()
        command = [sys.executable, "-m", "backend", "--port", "0", "--no-zeroconf", "--ready-fd", str(writing)]
        self._process = spawn([*command, *arguments], log_file, pass_fds=[writing])
        os.close(writing)
        with open(reading) as pipe:
            line = pipe.readline()
        assert line, log_file.read_text()
        self.url: str = json.loads(line)["url"]

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)


class Wall:
    """A backend that reads its machines from a file, and the streamers in that file; ``settings`` are TOML."""

    def __init__(self, directory: Path, settings: str = "") -> None:
        self._directory = directory
        self._file = directory / "wall.json"
        self.streamers: dict[str, Streamer] = {}
        self.write()
        config = directory / "loco.toml"
        config.write_text(settings)
        arguments = ["--instances-file", str(self._file), "--config", str(config)]
        self.backend = Backend(arguments, directory / "backend.log")

    @property
    def url(self) -> str:
        return self.backend.url

    def add(self, instance: str) -> Streamer:
        streamer = Streamer(instance, self._directory / f"{instance}.log")
        self.streamers[instance] = streamer
        self.write()
        return streamer

    def remove(self, instance: str) -> None:
        self.streamers.pop(instance).close()
        self.write()

    def write(self) -> None:
        rows = [
            {"id": one.instance, "name": f"PC {one.instance[-1]}", "address": "127.0.0.1", "port": one.port}
            for one in self.streamers.values()
        ]
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps(rows))
        fresh.replace(self._file)

    def close(self) -> None:
        self.backend.stop()
        for streamer in self.streamers.values():
            streamer.close()


def spawn(command: list[str], log_file: Path, pass_fds: list[int]) -> subprocess.Popen[bytes]:
    """A child that ends with the test."""
    environment = {**os.environ, "LOCO_CONFIG": "/dev/null"}
    with log_file.open("ab") as log:
        return subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "--", *command],
            cwd=ROOT,
            pass_fds=pass_fds,
            stdout=log,
            stderr=log,
            env=environment,
        )
