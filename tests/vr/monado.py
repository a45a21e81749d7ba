"""A real Monado for tests: the OpenXR runtime without a headset, its controllers moved over TCP.

Only one runs at a time, since the port of its remote driver is one: a lock on a file makes others wait.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ImageGrab

from tests.vr.remote_control import RemoteControl

MANIFEST = Path("/usr/share/openxr/1/openxr_monado.json")
LEFT_OUT = (
    "needs Monado, an OpenXR runtime that works without a headset, which Debian has from 13 on: "
    "packages monado-service, monado-cli, libopenxr1-monado"
)
SIZE_PX = (1280, 640)
NOBODY = 65534
STARTED = "The Monado service has started."
STARTS_WITHIN_S = 20.0
ENDS_WITHIN_S = 2.0
FREE_WITHIN_S = 100.0


def installed() -> bool:
    """Whether this system has what :class:`Monado` runs."""
    return MANIFEST.is_file() and all(map(shutil.which, ("monado-service", "monado-ctl", "Xvfb")))


class Monado:
    """One service, and the X server that it composes to, if it does.

    It runs as nobody where we are root, for as root it takes the highest real-time priority.
    """

    def __init__(self, directory: Path, display: str | None, own_environment: Mapping[str, str]) -> None:
        self.display = display
        self._own_environment = own_environment
        self.log_file = directory / "monado.log"
        self.runtime_directory = directory / "run"
        self.runtime_directory.mkdir(mode=0o700)
        self._process: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:
            os.chown(self.runtime_directory, NOBODY, NOBODY)

    @property
    def environment(self) -> dict[str, str]:
        """What an OpenXR program needs to find this service."""
        return {"XDG_RUNTIME_DIR": str(self.runtime_directory), "XR_RUNTIME_JSON": str(MANIFEST)}

    @property
    def log(self) -> str:
        """What it has said since it started last."""
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def start(self) -> None:
        """Run it, as far as programs can connect."""
        (self.runtime_directory / "monado_comp_ipc").unlink(missing_ok=True)  # of one that was killed
        identity = ["--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"] if os.geteuid() == 0 else []
        # Twice, since the kernel forgets the signal when the identity changes.
        command = ["setpriv", *identity, "--", "setpriv", "--pdeathsig", "KILL", "--", "monado-service"]
        with self.log_file.open("wb") as log:
            self._process = subprocess.Popen(
                command, env=self._service_environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        until(self._is_ready, STARTS_WITHIN_S, lambda: f"Monado did not start:\n{self.log}")

    def stop(self) -> None:
        """End it in order, or, when it does not listen, by force."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a crash would."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Run it anew after :meth:`kill` or :meth:`stop`."""
        self.stop()
        self.start()

    def recentre(self) -> None:
        """Make where the head is now the centre of LOCAL space, as a wearer does by a long press."""
        subprocess.run(["monado-ctl", "-c"], env={**os.environ, **self.environment}, check=True, capture_output=True)

    def remote(self) -> RemoteControl:
        """Take the controllers."""
        return RemoteControl()

    def picture(self) -> NDArray[np.uint8]:
        """What both displays of the headset show, side by side: (height, width, 3) RGB."""
        assert self.display is not None, "the null compositor has no pixels"
        return np.asarray(ImageGrab.grab(xdisplay=self.display).convert("RGB"))

    def _service_environment(self) -> dict[str, str]:
        own = {"XRT_NO_STDIN": "1", "P_OVERRIDE_ACTIVE_CONFIG": "remote", "HOME": str(self.runtime_directory)}
        if self.display is None:
            own["XRT_COMPOSITOR_NULL"] = "1"
        else:
            own |= {"DISPLAY": self.display, "XRT_COMPOSITOR_FORCE_XCB": "1", "XRT_COMPOSITOR_XCB_FULLSCREEN": "1"}
            # About the pixels that the display shows. In full Monado draws five times as many, by the processor, and
            # leaves so little of it that the frame loop misses a quick press.
            own |= {"XRT_COMPOSITOR_SCALE_PERCENTAGE": "50"}
            # With a drawing thread for each processor neither programs nor Monado's own answers get their turn, and
            # not one picture more is drawn.
            own |= {"LP_NUM_THREADS": "1"}
        return {**os.environ, **self.environment, **own, **self._own_environment}

    def _is_ready(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"Monado ended:\n{self.log}"
        return STARTED in self.log and (self.runtime_directory / "monado_comp_ipc").exists()

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def running(
    *, composited: bool = True, size_px: tuple[int, int] = SIZE_PX, environment: Mapping[str, str] | None = None
) -> Iterator[Monado]:
    """Run a service; ``composited`` with pixels at up to 60 Hz, else the null compositor at 20 Hz.

    ``environment`` is what the service finds beside what it needs.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(alone())
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="loco-xr-", dir="/tmp")))
        directory.chmod(0o711)  # the service runs as another user
        display = stack.enter_context(virtual_display(size_px)) if composited else None
        service = Monado(directory, display, environment or {})
        stack.callback(service.stop)
        service.start()
        yield service


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Wait until no other test uses the port of the remote driver."""
    path = Path(tempfile.gettempdir()) / "loco-kiosk-monado.lock"
    path.touch(exist_ok=True)
    with path.open("rb") as file:
        until(lambda: _locked(file.fileno()), FREE_WITHIN_S, lambda: f"another program holds {path}")
        yield


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def virtual_display(size_px: tuple[int, int]) -> Iterator[str]:
    """Run an X server on a free display; yields its name."""
    reading, writing = os.pipe()
    command = [
        "setpriv",
        "--pdeathsig",
        "KILL",
        "--",
        "Xvfb",
        "-displayfd",
        str(writing),
        "-nolisten",
        "tcp",
        "-noreset",
    ]
    command += ["-screen", "0", f"{size_px[0]}x{size_px[1]}x24"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        with open(reading) as pipe:
            number = pipe.readline().strip()
        try:
            assert number, "Xvfb did not start"
            yield f":{number}"
        finally:
            server.terminate()


def until(condition: Callable[[], bool], within_s: float, describe: Callable[[], str]) -> None:
    """Wait for a condition; fails with ``describe`` when it does not come in time."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {within_s} s: {describe()}"
        time.sleep(0.01)
