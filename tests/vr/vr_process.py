"""``python -m vr`` standing alone, as a person starts it."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.vr.monado import until

ROOT = Path(__file__).resolve().parents[2]
ENDS_WITHIN_S = 8.0


class VrProcess:
    """The program and what it has said."""

    def __init__(self, directory: Path, environment: Mapping[str, str], *flags: str) -> None:
        self._log_file = directory / "vr.log"
        command = ["setpriv", "--pdeathsig", "KILL", "--", sys.executable, "-m", "vr"]
        command += ["--state-directory", str(directory / "state"), *flags]
        with self._log_file.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, "LOCO_CONFIG": "/dev/null", **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    @property
    def log(self) -> str:
        """Everything that it has said."""
        return self._log_file.read_text(errors="replace")

    def states(self) -> list[str]:
        """The states that it went through, such as ``worn``."""
        return re.findall(r"\b(starting|waiting|worn|taken_off|lost|left|stopped): ", self.log)

    def wait_for_state(self, state: str, within_s: float = 30.0) -> None:
        """Wait until its last state is this one."""

        def there() -> bool:
            assert self.process.poll() is None, f"VR ended: {self.log}"
            return self.states()[-1:] == [state]

        until(there, within_s, lambda: f"not {state}: {self.log[-4000:]}")

    def stop(self) -> int:
        """End it in order; the exit status."""
        self.process.terminate()
        try:
            return self.process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
