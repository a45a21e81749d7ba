from pytestqt.qtbot import QtBot

from loco_kiosk.ui.idle import IdleWatch
from tests.loco_kiosk.ui._scene import spin


def test_nobody_for_the_set_time_is_told_once(qtbot: QtBot) -> None:
    watch = IdleWatch(0.1)
    told: list[int] = []
    watch.idle.connect(lambda: told.append(1))
    watch.touch()
    spin(400)
    assert told == [1]


def test_every_touch_counts_from_anew(qtbot: QtBot) -> None:
    watch = IdleWatch(10.0)
    watch.touch()
    with qtbot.assertNotEmitted(watch.idle, wait=50):
        watch.touch()
    with qtbot.waitSignal(watch.idle, timeout=3000):
        watch.set_after(0.05)


def test_zero_means_never(qtbot: QtBot) -> None:
    watch = IdleWatch(0)
    watch.touch()
    with qtbot.assertNotEmitted(watch.idle, wait=100):
        watch.touch()
