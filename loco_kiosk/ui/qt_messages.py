"""Qt's own messages in our log."""

import logging
from collections import Counter

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

log = logging.getLogger(__name__)

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.DEBUG,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_HARMLESS = (
    # Qt looks for PipeWire first and then uses PulseAudio or ALSA.
    "pipewire",
    # The same of PulseAudio; whether there is sound at all is said where the output is opened.
    "pa_context_connect",
    # The kiosk ends then, and says why.
    "connection broke",
    # Some window managers and Wayland refuse it; the kiosk says so where it matters.
    "This plugin does not support",
)

warnings: Counter[str] = Counter()
"""Warnings and worse by text, since the start: a scene without mistakes has none."""


def install() -> None:
    """Send Qt's messages to the log from now on."""
    qInstallMessageHandler(_handle)


def _handle(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    harmless = any(part in text for part in _HARMLESS)
    level = logging.DEBUG if harmless else _LEVELS[kind]
    if level >= logging.WARNING:
        warnings[text] += 1
    log.log(level, "%s: %s", context.category or "qt", text)
