from pathlib import Path
from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from loco_kiosk import self_check
from loco_kiosk.check import command
from loco_kiosk.check.runner import Subject
from loco_kiosk.settings import KioskSettings, Loaded


def test_the_window_tells_what_it_is_drawn_with(qtbot: QtBot) -> None:
    facts = self_check.window_facts()
    assert facts["qt"].startswith("6.")
    assert facts["window_system"] == "offscreen"
    assert facts["renderer"]


@pytest.mark.parametrize(
    ("tables", "program"),
    [({}, "qemu-system-x86_64"), ({"guest": {"qemu": "/opt/qemu"}}, "/opt/qemu"), ({"guest": 3}, "qemu-system-x86_64")],
)
def test_the_qemu_of_the_settings_is_the_one_that_is_named(tables: dict[str, object], program: str) -> None:
    assert self_check.qemu_program(tables) == program


async def test_the_check_gets_the_kiosks_own_ways(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Subject] = []

    async def pretend(subject: Subject, settings: KioskSettings, **_: object) -> int:
        given.append(subject)
        return 7

    monkeypatch.setattr(command, "run", pretend)
    keys: list[tuple[str, str, bool]] = []
    kiosk = SimpleNamespace(
        scene=SimpleNamespace(
            wall=SimpleNamespace(views={0: "a view"}), presenter=SimpleNamespace(shown=str.upper), window=None
        ),
        router=SimpleNamespace(key_to=lambda *words: keys.append(words)),
        bridge=SimpleNamespace(wall=None),
        media=SimpleNamespace(call=lambda function: function()),
    )
    code = await self_check.run(kiosk, Loaded(KioskSettings(check=1), {}, Path("/x")))  # type: ignore[arg-type]  # in miniature
    assert code == 7
    given[0].press("instance-0", "KeyA", True)
    assert keys == [("instance-0", "KeyA", True)]
    assert len(given[0].views()) == 1
