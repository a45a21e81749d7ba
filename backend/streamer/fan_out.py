"""One picture or sound packet to every viewer; who cannot take it is left out alone."""

from collections.abc import Callable, Collection

from backend.contract.control import Tier
from backend.streamer.counters import Drops
from backend.streamer.picture import Picture
from backend.streamer.viewer import Viewer


class FanOut:
    """Sends to all of ``viewers``, a live collection owned by the streamer.

    A viewer who missed a picture gets none until the next key frame, since it could not decode any.
    """

    def __init__(self, viewers: Collection[Viewer], *, on_key_frame_needed: Callable[[], None], drops: Drops) -> None:
        self._viewers = viewers
        self._on_key_frame_needed = on_key_frame_needed
        self._drops = drops

    @property
    def watched(self) -> bool:
        """Whether anybody wants pictures."""
        return any(viewer.wants_pictures for viewer in self._viewers)

    @property
    def heard(self) -> bool:
        """Whether anybody wants sound."""
        return any(viewer.wants_sound for viewer in self._viewers)

    @property
    def near(self) -> bool:
        """Whether anybody has the guest in front and plays."""
        return any(viewer.tier is Tier.ZOOMED for viewer in self._viewers)

    def picture(self, picture: Picture) -> None:
        """Send a picture to each viewer who can use it."""
        for viewer in self._viewers:
            if not viewer.wants_pictures:
                viewer.needs_key_frame = True
            elif viewer.needs_key_frame and not picture.key:
                self._drops.count("waits_for_key_frame")
            elif viewer.send_picture(picture):
                viewer.needs_key_frame = False
            else:
                viewer.needs_key_frame = True
                self._drops.count("slow_viewer")
        if any(viewer.needs_key_frame and viewer.wants_pictures for viewer in self._viewers):
            self._on_key_frame_needed()

    def sound(self, packet: bytes, timestamp: int, *, first: bool) -> None:
        """Send an Opus packet to each listener."""
        for viewer in self._viewers:
            if viewer.wants_sound and not viewer.send_sound(packet, timestamp, first=first):
                self._drops.count("slow_listener")
