"""``python -m vr`` as the kiosk runs it: its exit status, and the sentence that it ends with."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from loco_kiosk.client.vr_messages import Status
from tests.vr.monado import Monado
from tests.vr.pretended_feed import PretendedFeed

ROOT = Path(__file__).resolve().parents[2]
ENDS_WITHIN_S = 20.0


@pytest.fixture
def feed(tmp_path: Path) -> Iterator[PretendedFeed]:
    pretended = PretendedFeed(screens=1, log_file=tmp_path / "vr.log")
    yield pretended
    pretended.close()


def run(flags: list[str], environment: Mapping[str, str]) -> tuple[int, str]:
    command = [sys.executable, "-m", "vr", *flags]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "LOCO_CONFIG": "/dev/null", **environment},
        capture_output=True,
        text=True,
        timeout=ENDS_WITHIN_S,
        check=False,
    )
    return done.returncode, done.stderr.splitlines()[-1]


def ended(feed: PretendedFeed) -> tuple[int, str]:
    assert feed.process is not None
    code = feed.process.wait(ENDS_WITHIN_S)
    return code, feed.log.splitlines()[-1]


def test_bad_settings_end_it_with_what_to_write() -> None:
    code, last = run(["--path", "sphere"], {})
    assert code == 2
    assert last.startswith("loco-vr: --path must be one of auto, cylinder, quad, projection")


def test_descriptors_that_are_no_feed_end_it_with_a_sentence() -> None:
    code, last = run(["--feed-socket", "0", "--feed-memory", "2"], {})
    assert code == 1
    assert last.startswith("loco-vr: ")


def test_without_a_runtime_it_ends_and_tells_on_both_ways(feed: PretendedFeed, tmp_path: Path) -> None:
    feed.start({"XR_RUNTIME_JSON": str(tmp_path / "none.json")})
    code, last = ended(feed)
    assert code == 3
    assert last.startswith("loco-vr: No OpenXR runtime was found. Install")
    assert [status.state for status in feed.said(Status)][-1] == "no_runtime"


@pytest.mark.monado
def test_without_its_service_it_ends_and_says_what_to_start(feed: PretendedFeed, monado_null: Monado) -> None:
    monado_null.stop()
    feed.start(monado_null.environment)
    code, last = ended(feed)
    assert code == 4
    assert "Start it" in last


@pytest.mark.monado
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(feed: PretendedFeed, monado_null: Monado, number: signal.Signals) -> None:
    feed.start(monado_null.environment)
    feed.wait_until_worn()
    assert feed.process is not None
    feed.process.send_signal(number)
    assert ended(feed)[0] == 0
    assert feed.said(Status)[-1].state == "stopped"


@pytest.mark.monado
def test_it_ends_with_the_kiosk(feed: PretendedFeed, monado_null: Monado) -> None:
    feed.start(monado_null.environment)
    feed.wait_until_worn()
    assert feed.stop() == 0
