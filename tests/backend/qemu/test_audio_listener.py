import queue
import socket
import struct
import threading

import pytest

from backend.qemu.audio_listener import AudioListener
from backend.qemu.dbus_wire import Kind
from backend.qemu.sound import Sound
from tests.backend.qemu.listener_peer import Peer, serving


@pytest.mark.parametrize(("rate_hz", "dropped"), [(48_000, {}), (44_100, {"format": 480})])
def test_sound_of_the_right_format_is_kept_and_other_is_counted(rate_hz: int, dropped: dict[str, int]) -> None:
    ours, theirs = socket.socketpair()
    peer, sound, heard, ended = Peer(theirs), Sound(), threading.Event(), threading.Event()
    with serving(AudioListener(sound, ours, heard.set, lambda _: ended.set())):
        peer.authenticate()
        init = struct.pack("<QB3xIIIB3xIII", 1, 16, 1, 0, rate_hz, 2, 4, rate_hz * 4, 0)
        interface = "org.qemu.Display1.AudioOutListener"
        peer.call("Init", init, interface=interface, flags=0)
        assert peer.answer()[0] == Kind.RETURN
        peer.call("SetEnabled", struct.pack("<QI", 1, 1), interface=interface, flags=0)
        assert peer.answer()[0] == Kind.RETURN
        peer.call("Write", struct.pack("<QI", 1, 1920) + b"\1\0" * 960, interface=interface, flags=0)
        assert peer.answer()[0] == Kind.RETURN
        assert dropped or heard.wait(5)
        taken = sound.take()
        assert sound.drops == dropped
        assert (taken is None) == bool(dropped)
        peer.socket.close()
        assert ended.wait(5)


def test_a_block_that_announces_more_than_it_carries_ends_the_listener_with_a_reason() -> None:
    ours, theirs = socket.socketpair()
    errors: queue.SimpleQueue[Exception] = queue.SimpleQueue()
    peer = Peer(theirs)
    with serving(AudioListener(Sound(), ours, lambda: None, errors.put)):
        peer.authenticate()
        peer.call("Write", struct.pack("<QI", 1, 4096) + bytes(16), interface="org.qemu.Display1.AudioOutListener")
        assert "announces 4096 bytes" in str(errors.get(timeout=5))
    peer.socket.close()
