"""Plays the mix. Without a device a clock pulls it all the same, so that meters live and nothing piles up."""

import logging
import time

import numpy as np
from PySide6.QtCore import QIODevice, QObject, Qt, QThread, QTimer, Signal, Slot
from PySide6.QtMultimedia import QAudioDevice, QAudioFormat, QAudioSink, QMediaDevices, QtAudio

from loco_kiosk.media.mixer import Mixer
from loco_kiosk.ui.audio_backend import avoid_broken_pipewire

log = logging.getLogger(__name__)

RATE_HZ = 48_000
BLOCK = 480
"""Frames a pull: 10 ms."""
_FRAME_BYTES = 4
_BUFFER_BYTES = 3 * 2 * BLOCK * _FRAME_BYTES
"""60 ms in the device: less stutters under load, more is heard as delay."""
_TICK_MS = 10
_SILENT_TICK_MS = 40
"""A meter needs no more, and an idle wall should sleep."""
_STUCK_S = 3.0
"""A sound server may take two seconds to start consuming; a device that takes longer is gone."""
NO_DEVICE = "No sound output found"


class AudioOutput(QObject):
    """Face of the audio thread in the GUI thread. ``changed`` carries outputs, the one in use, and a notice."""

    changed = Signal(list, str, str)
    _choose = Signal(str)
    _look = Signal()

    def __init__(self, mixer: Mixer, device: str) -> None:
        super().__init__()
        avoid_broken_pipewire()
        self._thread = QThread()
        self._thread.setObjectName("audio")
        self._player = _Player(mixer, device)
        self._player.moveToThread(self._thread)
        self._player.changed.connect(self.changed, Qt.ConnectionType.QueuedConnection)
        self._choose.connect(self._player.choose, Qt.ConnectionType.QueuedConnection)
        self._look.connect(self._player.look, Qt.ConnectionType.QueuedConnection)
        self._thread.started.connect(self._player.begin)
        self._thread.finished.connect(self._player.end, Qt.ConnectionType.DirectConnection)
        self._devices: QMediaDevices | None = None

    def start(self) -> None:
        """Start the thread."""
        self._devices = QMediaDevices(self)
        self._devices.audioOutputsChanged.connect(self._look)
        self._thread.start(QThread.Priority.TimeCriticalPriority)

    def choose(self, device: str) -> None:
        """Use another output by its description; "" for the system's choice."""
        self._choose.emit(device)

    def silence(self, silent: bool) -> None:
        """Play nothing here, while the mix goes on: somebody hears it elsewhere."""
        self._player.silent = silent

    def stop(self) -> None:
        """End the thread and wait."""
        self._thread.quit()
        if not self._thread.wait(3000):
            log.error("the audio thread did not stop within 3 s")


class _Player(QObject):
    """Lives in the audio thread."""

    changed = Signal(list, str, str)

    def __init__(self, mixer: Mixer, wanted: str) -> None:
        super().__init__()
        self._mixer = mixer
        self._wanted = wanted
        self._sink: QAudioSink | None = None
        self._pipe: QIODevice | None = None
        self._timer: QTimer | None = None
        self._clock = 0.0
        self._moved = 0.0
        self.silent = False
        self._gain = 1.0

    @Slot()
    def begin(self) -> None:
        """The thread runs."""
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self.look()

    @Slot()
    def end(self) -> None:
        """The thread ends."""
        if self._timer is not None:
            self._timer.stop()
        self._close()

    @Slot(str)
    def choose(self, device: str) -> None:
        """Another output is wanted."""
        self._wanted = device
        self.look()

    @Slot()
    def look(self) -> None:
        """Outputs came, went or are to be changed: open the best one."""
        self._close()
        outputs = QMediaDevices.audioOutputs()
        chosen = next((each for each in outputs if each.description() == self._wanted), None)
        device = chosen or QMediaDevices.defaultAudioOutput()
        name = device.description() if self._open(device) else ""
        missing = bool(self._wanted) and chosen is None
        notice = NO_DEVICE if not name else f"{self._wanted} is not there" if missing else ""
        log.info("sound: %s", name or NO_DEVICE)
        self.changed.emit([each.description() for each in outputs], name, notice)

    def _open(self, device: QAudioDevice) -> bool:
        self._clock = self._moved = time.monotonic()
        if not device.isNull():
            self._sink = QAudioSink(device, _format())
            self._sink.setBufferSize(_BUFFER_BYTES)
            self._pipe = self._sink.start()
        if self._timer is not None:
            self._timer.start(_TICK_MS if self._pipe is not None else _SILENT_TICK_MS)
        return self._pipe is not None

    def _close(self) -> None:
        if self._sink is not None:
            self._sink.stop()
        self._sink = self._pipe = None

    def _tick(self) -> None:
        if self._sink is None or self._pipe is None:
            self._pull_silently()
            return
        while self._sink.bytesFree() >= BLOCK * _FRAME_BYTES:
            self._pipe.write(self._block())
            self._moved = time.monotonic()
        if self._sink.state() == QtAudio.State.StoppedState or time.monotonic() - self._moved > _STUCK_S:
            log.warning("the sound output stopped taking sound; it is opened anew")
            self.look()

    def _block(self) -> bytes:
        """The next block of the mix; it glides to silence and back, since a jump is a click."""
        block = self._mixer.pull(BLOCK)
        before, self._gain = self._gain, 0.0 if self.silent else 1.0
        if before == self._gain == 1.0:
            return block.tobytes()
        ramp = np.linspace(before, self._gain, BLOCK, dtype=np.float32)[:, None]
        return (block * ramp).astype(np.int16).tobytes()

    def _pull_silently(self) -> None:
        due = min(int((time.monotonic() - self._clock) * RATE_HZ), RATE_HZ // 5)
        self._clock = time.monotonic()
        if due:
            self._mixer.pull(due)


def _format() -> QAudioFormat:
    made = QAudioFormat()
    made.setSampleRate(RATE_HZ)
    made.setChannelCount(2)
    made.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    return made
