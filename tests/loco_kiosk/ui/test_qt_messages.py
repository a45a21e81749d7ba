import logging

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
