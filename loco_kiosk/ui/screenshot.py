"""A picture of the window as a file."""

from pathlib import Path

from PySide6.QtGui import QImageWriter
from PySide6.QtQuick import QQuickWindow

from backend.contract.errors import LocoError


class ScreenshotError(LocoError):
    """The picture cannot be taken or written; the text says why."""


def save(window: QQuickWindow, path: Path) -> None:
    """Write what the window shows now, as PNG.

    Raises:
        ScreenshotError: nothing is drawn yet, or the file cannot be written.
    """
    image = window.grabWindow()
    if image.isNull():
        raise ScreenshotError("The window has drawn nothing yet, so there is no picture of it.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ScreenshotError(f"Cannot write the picture {path}: {error.strerror}.") from error
    # QImage.save refuses the format as bytes at run time and as text by its type: the writer takes what it says.
    if not QImageWriter(str(path), b"PNG").write(image):
        raise ScreenshotError(f"Cannot write the picture {path}: is its directory writable, and is there space?")
