"""One picture or sound packet to every viewer; who cannot take it is left out alone."""

from collections.abc import Callable, Collection

from backend.contract.control import Tier
from backend.streamer.counters import Drops
from backend.streamer.picture import Picture
from backend.streamer.rendition import Rendition
from backend.streamer.viewer import Viewer


class FanOut:
    """Sends to all of ``viewers``, a live collection owned by the streamer.

    A viewer who missed a picture gets none until the next key frame, since it could not decode any. One who shall have
    another rendition goes on with the old one until the new one has a key frame.

    Args:
        viewers: see above.
        on_moved: called after a viewer got the first picture of another rendition than before.
        drops: counts what was not sent.
    """

    def __init__(self, viewers: Collection[Viewer], *, on_moved: Callable[[], None], drops: Drops) -> None:
        self._viewers = viewers
        self._on_moved = on_moved
        self._drops = drops

    @property
    def heard(self) -> bool:
        """Whether anybody wants sound."""
        return any(viewer.wants_sound for viewer in self._viewers)

    @property
    def near(self) -> bool:
        """Whether anybody has the guest in front and plays."""
        return any(viewer.tier is Tier.ZOOMED for viewer in self._viewers)

    def picture(self, rendition: Rendition, picture: Picture) -> None:
        """Send a picture to each viewer of this rendition who can use it."""
        waiting = moved = False
        for viewer in self._viewers:
            if viewer.draining:
                self._leave_out(viewer, rendition)
            elif viewer.rendition is not rendition:
                if viewer.wanted is rendition:
                    if picture.key and viewer.send_picture(picture):
                        moved = moved or viewer.rendition is not None
                        viewer.rendition, viewer.needs_key_frame = rendition, False
                    else:
                        waiting = True
            elif viewer.needs_key_frame and not picture.key:
                self._drops.count("waits_for_key_frame")
                waiting = True
            elif viewer.send_picture(picture):
                viewer.needs_key_frame = False
            else:
                viewer.needs_key_frame = waiting = True
                self._drops.count("slow_viewer")
        if waiting:
            rendition.request_key_frame()
        if moved:
            self._on_moved()

    def _leave_out(self, viewer: Viewer, rendition: Rendition) -> None:
        if viewer.wanted is rendition:
            self._drops.count("waits_for_way")

    def sound(self, packet: bytes, timestamp: int, *, first: bool) -> None:
        """Send an Opus packet to each listener."""
        for viewer in self._viewers:
            if viewer.wants_sound and not viewer.send_sound(packet, timestamp, first=first):
                self._drops.count("slow_listener")
