import time

import numpy as np
from pytestqt.qtbot import QtBot

from loco_kiosk.media.mixer import Mixer
from loco_kiosk.ui.audio_output import NO_DEVICE, AudioOutput


def test_without_a_device_the_mix_is_pulled_all_the_same(qtbot: QtBot) -> None:
    mixer = Mixer()
    output = AudioOutput(mixer, "Nowhere")
    stream = mixer.stream("instance-0")
    with qtbot.waitSignal(output.changed, timeout=20_000) as told:
        output.start()
    deadline = time.monotonic() + 20
    while mixer.levels_dbfs()["instance-0"] < -20 and time.monotonic() < deadline:
        stream.push(np.full((960, 2), 12_000, np.int16))
        qtbot.wait(20)
    output.stop()
    assert mixer.levels_dbfs()["instance-0"] > -20
    devices, _device, notice = told.args
    assert notice in (NO_DEVICE, "Nowhere is not there")
    assert devices or notice == NO_DEVICE
