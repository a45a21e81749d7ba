"""A real Chromium, and what a test asks of a page in it."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --force-prefers-reduced-motion"
)
# Keeps every peer connection of the page where a test can ask it for statistics.
_KEEP_PEERS = """
  window.peers = [];
  const Peer = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Peer {
    constructor(...parts) { super(...parts); window.peers.push(this); }
  };
"""
_STATISTICS = """
  const [kind, done] = arguments;
  const isWanted = (one) => one.type === kind || (one.type === "inbound-rtp" && one.kind === kind);
  Promise.all(window.peers.map((peer) => peer.getStats())).then((reports) =>
    done(reports.flatMap((report) => [...report.values()]).filter(isWanted)));
"""
_PIXELS = """
  const [tile, x, y, w, h] = arguments;
  const video = document.querySelector(`[data-instance="${tile}"] video`);
  const canvas = new OffscreenCanvas(w, h);
  const pencil = canvas.getContext("2d");
  if (!video.videoWidth) return [];
  pencil.drawImage(video, x, y, w, h, 0, 0, w, h);
  return [...pencil.getImageData(0, 0, w, h).data].filter((_, i) => i % 4 === 0);
"""


class Browser:
    """One Chromium; :meth:`open` begins anew."""

    def __init__(self, profile: Path) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for flag in [*FLAGS.split(), f"--user-data-dir={profile}"]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.driver.set_script_timeout(20)
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": _KEEP_PEERS})

    def open(self, url: str, *, before: str = "") -> None:
        """Load the page at 1280x720; ``before`` is a script that runs before its own."""
        self.size(1280, 720)
        self.driver.get("about:blank")
        self.complaints()
        script = self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": before})
        self.driver.get(url)
        self.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)

    def size(self, width: int, height: int) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def quit(self) -> None:
        self.driver.quit()

    def find(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def find_all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def module(self, name: str, body: str, *arguments: Any) -> Any:
        """Run ``body`` with ``module``, a module of the page, and ``arguments``; its value."""
        script = f"""
          const done = arguments[arguments.length - 1];
          const given = [...arguments].slice(0, -1);
          import("/web/{name}.js").then((module) => done(((module, given) => {{ {body} }})(module, given)),
                                       (error) => done(String(error)));
        """
        return self.driver.execute_async_script(script, *arguments)

    def statistics(self, kind: str) -> list[dict[str, Any]]:
        """Of every peer connection: ``inbound-rtp`` of video or audio, or the reports of a type."""
        found: list[dict[str, Any]] = self.driver.execute_async_script(_STATISTICS, kind)
        return found

    def pixels(self, instance: str, x: int, y: int, width: int, height: int) -> list[int]:
        """The red of an area of the guest's picture; empty before there is one."""
        found: list[int] = self.run(_PIXELS, instance, x, y, width, height)
        return found

    def state(self, instance: str) -> str:
        """State of its tile; empty where there is none."""
        # In one step: a tile may go between finding it and asking it.
        script = "return document.querySelector(arguments[0])?.dataset.state ?? ''"
        return str(self.run(script, f'.tile[data-instance="{instance}"]'))

    def pictures(self, instance: str) -> int:
        """Pictures that its <video> has been given."""
        script = "return document.querySelector(arguments[0]).getVideoPlaybackQuality().totalVideoFrames"
        return int(self.run(script, f'[data-instance="{instance}"] video'))

    def complaints(self) -> list[str]:
        """What the browser's console has heard since the last call, but for what the network does."""
        entries = self.driver.get_log("browser")  # type: ignore[no-untyped-call]  # selenium has no types here
        return [entry["message"] for entry in entries if entry["source"] != "network"]

    def until(self, condition: Callable[[], Any], within_s: float = 20.0, what: str = "") -> None:
        """Wait; fails with ``what`` and the texts of the page."""
        deadline = time.monotonic() + within_s
        while not condition():
            if time.monotonic() > deadline:
                text = self.run("return document.body.innerText")
                raise AssertionError(f"not within {within_s} s: {what}\n{text}\n{json.dumps(self.complaints())}")
            time.sleep(0.05)
