"""The guests' pictures on canvases of their own: uploaded once, when they are new."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from loco_kiosk.client.vr_messages import ScreenView
from vr.scene.layer import Canvas

BUDGET_US = 4_000
"""Uploads within a frame: what does not fit is uploaded while the next one is waited for, and none is late by it."""
MakeCanvas = Callable[[int, int], Canvas]
"""A canvas of a width and a height in pixels."""


class Picture(Protocol):
    """A picture in the shared memory; see :class:`loco_kiosk.media.shared_reader.Picture`."""

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """(height, width, 4) RGBA."""

    @property
    def decoded_us(self) -> int:
        """When it was decoded, on the machine's monotonic clock."""

    def done(self) -> bool:
        """Give it back; False where it was overwritten meanwhile."""


class Source(Protocol):
    """Where pictures come from; see :class:`vr.feed.feed.Feed`."""

    def newest(self, place: int) -> Picture | None:
        """The newest picture of a place, once."""

    def repeat(self, place: int) -> None:
        """Offer it once more."""


class Pictures:
    """Owns a canvas for each screen that is shown. Threading: the frame loop's."""

    def __init__(self, source: Source, make: MakeCanvas) -> None:
        self._source = source
        self._make = make
        self._canvases: dict[str, Canvas] = {}
        self._places: dict[str, tuple[int, int]] = {}
        self._turn = 0
        self._shown: Sequence[ScreenView] = ()
        self.uploaded = 0
        """Pictures that were shown, since the start."""
        self.ages_us: list[int] = []
        """From decoding to the end of the upload; whoever reports it empties it."""

    def step(self, views: Sequence[ScreenView], now_us: Callable[[], int], front: str = "") -> None:
        """Upload what is new of the screens of the page; other screens lose their canvases.

        The one in front comes first; the others take turns where the time does not reach for all.
        """
        for gone in self._canvases.keys() - {view.id for view in views}:
            self._canvases.pop(gone).close()
        for gone in self._places.keys() - {view.id for view in views}:
            del self._places[gone]
        for view in views:
            home = (view.place, view.tenancy)
            if self._places.get(view.id) != home:
                self._places[view.id] = home
                self._source.repeat(view.place)
        late_us = now_us() + BUDGET_US
        turns = [*views[self._turn :], *views[: self._turn]]
        self._shown = sorted(turns, key=lambda view: view.id != front)
        for view in self._shown:
            if now_us() >= late_us:
                self._turn = views.index(view)
                break
            self._upload(view, now_us)

    def upload_one(self, now_us: Callable[[], int]) -> bool:
        """Between two frames: upload one new picture of the screens that the last one showed; whether there was one."""
        return any(self._upload(view, now_us) for view in self._shown)

    def rest(self) -> None:
        """Nobody looks: nothing is uploaded until the next step."""
        self._shown = ()

    def canvas(self, id: str) -> Canvas | None:  # noqa: A002 - the wire's word
        """The canvas of a screen that has a picture, else None."""
        canvas = self._canvases.get(id)
        return canvas if canvas is not None and canvas.filled else None

    def close(self) -> None:
        """Give all canvases back."""
        for canvas in self._canvases.values():
            canvas.close()
        self._canvases.clear()
        self._places.clear()
        self._shown = ()

    def _upload(self, view: ScreenView, now_us: Callable[[], int]) -> bool:
        picture = self._source.newest(view.place)
        if picture is None:
            return False
        height, width, _ = picture.pixels.shape
        shown = self._fitting(view.id, width, height).upload(picture.pixels)
        if not picture.done():
            return False
        if shown:
            self.uploaded += 1
            self.ages_us.append(now_us() - picture.decoded_us)
        else:
            self._source.repeat(view.place)
        return shown

    def _fitting(self, id: str, width: int, height: int) -> Canvas:  # noqa: A002
        """The canvas of a screen; a new one when the guest changed its size."""
        canvas = self._canvases.get(id)
        if canvas is not None and (canvas.width_px, canvas.height_px) == (width, height):
            return canvas
        if canvas is not None:
            canvas.close()
        canvas = self._canvases[id] = self._make(width, height)
        return canvas
