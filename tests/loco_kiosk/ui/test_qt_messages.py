import logging
import os
import subprocess
import sys

import pytest
from PySide6.QtCore import qInstallMessageHandler, qWarning
from pytestqt.qtbot import QtBot

from loco_kiosk.ui import qt_messages


@pytest.fixture
def installed() -> None:
    qt_messages.warnings.clear()


@pytest.mark.usefixtures("installed")
def test_warnings_reach_the_log_and_are_counted(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    qt_messages.install()
    try:
        with caplog.at_level(logging.WARNING):
            qWarning("the scene is wrong")
            qWarning("Couldn't load pipewire-0.3 library")
    finally:
        qInstallMessageHandler(None)
    assert dict(qt_messages.warnings) == {"the scene is wrong": 1}
    assert "the scene is wrong" in caplog.text
    assert "pipewire" not in caplog.text


def test_qt_says_nothing_of_libraries_that_it_can_do_without() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "QT_LOGGING_RULES"}
    command = [sys.executable, "-c", "import loco_kiosk.app"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""
