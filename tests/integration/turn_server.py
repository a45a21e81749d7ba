"""A real TURN server (coturn) on loopback."""

import asyncio
import shutil
import socket
from pathlib import Path


class TurnServer:
    """``async with TurnServer(directory, secret) as server:``; it logs each allocation with its user."""

    def __init__(self, directory: Path, secret: str) -> None:
        self._directory = directory
        self._secret = secret
        self._process: asyncio.subprocess.Process | None = None
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

    @property
    def url(self) -> str:
        return f"turn:127.0.0.1:{self.port}?transport=udp"

    @property
    def log(self) -> str:
        return (self._directory / "turn.log").read_text(errors="replace")

    async def __aenter__(self) -> "TurnServer":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        program = shutil.which("turnserver")
        assert program, "install the package coturn"
        options = {
            "listening-ip": "127.0.0.1",
            "relay-ip": "127.0.0.1",
            "listening-port": str(self.port),
            "realm": "loco.test",
            "static-auth-secret": self._secret,
            "userdb": str(self._directory / "turn.db"),
            "pidfile": str(self._directory / "turn.pid"),
        }
        flags = ("use-auth-secret", "allow-loopback-peers", "no-cli", "no-tls", "no-dtls", "no-tcp", "verbose")
        with (self._directory / "turn.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(program, "-n", "--log-file=stdout"),
                *(f"--{name}={value}" for name, value in options.items()),
                *(f"--{flag}" for flag in flags),
                stdout=log,
                stderr=log,
                cwd=self._directory,
            )

    async def stop(self) -> None:
        if self._process is not None:
            process, self._process = self._process, None
            process.kill()
            await process.wait()
