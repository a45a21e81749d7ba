from collections.abc import Callable

import pytest

from backend.contract.errors import LocoError
from backend.contract.input import InputMessage, Key
from loco_kiosk.check.subject import KioskSubject, Probes
from loco_kiosk.input.hotkeys import Hotkeys
from loco_kiosk.input.router import Router
from loco_kiosk.settings import KioskSettings
from tests.loco_kiosk.check.pretended_wall import PretendedWall


class Wall:
    """Probes by instance, as the wall keeps them."""

    def __init__(self) -> None:
        self.probes: dict[tuple[str, int], Callable[[int], None]] = {}

    def add_probe(self, id: str, on_change: Callable[[int], None]) -> int:  # noqa: A002
        if id == "nobody":
            raise LocoError("There is no instance 'nobody'.")
        self.probes[id, 7] = on_change
        return 7

    def remove_probe(self, id: str, number: int) -> None:  # noqa: A002
        del self.probes[id, number]


def subject(wall: Probes | None, sent: list[InputMessage] | None = None) -> KioskSubject:
    pretended = PretendedWall(1)
    taken = [] if sent is None else sent
    router = Router(
        Hotkeys(KioskSettings().hotkeys()),
        send=lambda _instance, message: taken.append(message),
        command=lambda _: None,
    )
    return KioskSubject(
        views=pretended.views,
        router=router,
        control=pretended,
        presented=pretended.presented,
        in_media=lambda call: call(),
        probes=lambda: wall,
    )


def test_keys_go_the_ordinary_way() -> None:
    sent: list[InputMessage] = []
    kiosk = subject(None, sent)
    kiosk.press("instance-0", "KeyA", True)
    kiosk.press("instance-0", "KeyA", False)
    assert sent == [Key(1, "KeyA", True), Key(2, "KeyA", False)]


def test_a_probe_is_set_and_taken_away_again() -> None:
    wall, seen = Wall(), list[int]()
    kiosk = subject(wall)
    kiosk.watch("instance-0", seen.append)
    wall.probes["instance-0", 7](42)
    assert seen == [42]
    kiosk.unwatch("instance-0")
    kiosk.unwatch("instance-0")
    assert wall.probes == {}


def test_an_instance_that_is_gone_is_told_and_does_no_harm(caplog: pytest.LogCaptureFixture) -> None:
    kiosk = subject(Wall())
    kiosk.watch("nobody", lambda _: None)
    assert "no instance 'nobody'" in caplog.text
    subject(None).watch("instance-0", lambda _: None)
