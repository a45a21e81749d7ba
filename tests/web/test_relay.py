"""Chromium reaches a streamer through a real TURN server only, with what ``/api/ice`` gave to it."""

from pathlib import Path

from tests.integration.turn_server import TurnServer
from tests.web.browser import Browser
from tests.web.processes import Wall

SECRET = "the secret that backend and relay share"
RELAY_ONLY = """
  const Direct = RTCPeerConnection;
  window.RTCPeerConnection = class extends Direct {
    constructor(configuration) { super({ ...configuration, iceTransportPolicy: "relay" }); }
  };
"""


async def test_media_comes_through_the_relay(browser: Browser, tmp_path: Path) -> None:
    async with TurnServer(tmp_path, SECRET) as relay:
        wall = Wall(tmp_path, f'[ice]\nturn = ["{relay.url}"]\nsecret = "{SECRET}"\n')
        try:
            wall.add("instance-0")
            browser.open(wall.url, before=RELAY_ONLY)
            browser.until(lambda: browser.state("instance-0") == "live", 30, "live through the relay")
            before = browser.pictures("instance-0")
            browser.until(lambda: browser.pictures("instance-0") > before + 5, 10, "pictures go on")
            local = [one for one in browser.statistics("local-candidate") if one["candidateType"] != "relay"]
            assert local == []
            assert "ALLOCATE" in relay.log
        finally:
            wall.close()
