"""Tests of the kiosk show no window: those that need one start their own X server."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
