"""The window: Qt Quick scene, frame presenter, sound output, and the one bridge to the media thread."""

import os

# While it is imported, before any handler of messages can be, QtMultimedia complains that it found no PipeWire; it then
# uses PulseAudio or ALSA, and where there is no sound at all the kiosk says so itself.
os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia.symbolsresolver=false")
