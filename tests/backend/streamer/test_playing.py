"""Who plays, and what of it reaches the guest: real WebRTC over loopback with a textbook viewer."""

from backend.contract import input as wire
from backend.contract.control import (
    KEYS_CHANNEL,
    POINTER_CHANNEL,
    ControlRelease,
    ControlRequest,
    ControlState,
    InputShown,
)
from backend.contract.token_bucket import TokenBucket
from tests.backend.streamer.conftest import Served, served_viewer, settle
from tests.backend.streamer.textbook_viewer import TextbookViewer, until


async def test_keys_reach_the_guest_in_order_and_their_picture_is_announced(served: Served) -> None:
    async with TextbookViewer(served.base) as viewer:
        await until(lambda: viewer.frames)
        await settle(served, viewer)
        sequences = []
        for code in ("KeyA", "KeyB", "KeyC"):
            sequences.append(viewer.key(code, True))
            viewer.key(code, False)
        await until(lambda: len(served.guest.inputs) == 6)
        expected = [("key", code, down) for code in ("KeyA", "KeyB", "KeyC") for down in (True, False)]
        assert list(served.guest.inputs) == expected
        await until(lambda: viewer.all(InputShown))
        assert sequences[0] in [shown.sequence for shown in viewer.all(InputShown) if isinstance(shown, InputShown)]


async def test_the_first_press_takes_free_control_and_others_watch(served: Served) -> None:
    async with TextbookViewer(served.base) as first, TextbookViewer(served.base) as second:
        first.key("KeyA", True)
        await until(lambda: served.guest.inputs)
        second.key("KeyB", True)
        second.say(ControlRequest())
        await until(lambda: served.streamer.drops().get("input_without_control"))
        assert [item[1] for item in served.guest.inputs] == ["KeyA"]

        def holder(viewer: TextbookViewer) -> tuple[str, bool]:
            state = viewer.last(ControlState)
            assert isinstance(state, ControlState)
            return state.holder_name, state.yours

        await until(lambda: holder(first) == ("Ada", True) and holder(second) == ("Ada", False))


async def test_hand_over_releases_every_held_key(served: Served) -> None:
    async with TextbookViewer(served.base) as first, TextbookViewer(served.base) as second:
        first.key("ShiftLeft", True)
        first.send(wire.Button(2, 0, True))
        first.say(ControlRelease())
        await until(lambda: len(served.guest.inputs) == 4)
        assert list(served.guest.inputs)[2:] == [("button", 0, False), ("key", "ShiftLeft", False)]
        second.say(ControlRequest())
        await until(lambda: served.streamer.status().controller)
        second.key("KeyB", True)
        await until(lambda: ("key", "KeyB", True) in served.guest.inputs)


async def test_disconnecting_releases_keys_and_control(served: Served) -> None:
    viewer = TextbookViewer(served.base)
    await viewer.connect()
    viewer.key("ControlLeft", True)
    await until(lambda: served.guest.inputs)
    await viewer.close()
    await until(lambda: ("key", "ControlLeft", False) in served.guest.inputs)
    await until(lambda: served.streamer.status().controller == "" and served.streamer.status().viewers == 0)


async def test_release_all_releases_and_keeps_control(served: Served) -> None:
    async with TextbookViewer(served.base) as viewer:
        viewer.key("AltLeft", True)
        viewer.send(wire.ReleaseAll(2))
        await until(lambda: ("key", "AltLeft", False) in served.guest.inputs)
        assert served.streamer.status().controller == "Ada"


async def test_pointer_positions_become_guest_pixels(served: Served) -> None:
    async with TextbookViewer(served.base) as viewer:
        await until(lambda: viewer.frames)
        viewer.say(ControlRequest())
        await until(lambda: served.streamer.status().controller)
        viewer.send(wire.MoveTo(10, 65535, 65535), POINTER_CHANNEL)
        await until(lambda: ("move_to", 639, 479) in served.guest.inputs)
        viewer.send(wire.MoveTo(9, 0, 0), POINTER_CHANNEL)
        viewer.send(wire.MoveTo(11, 0, 65535), POINTER_CHANNEL)
        await until(lambda: ("move_to", 0, 479) in served.guest.inputs)
        assert ("move_to", 0, 0) not in served.guest.inputs


async def test_too_many_presses_are_dropped_but_every_release_passes(served: Served) -> None:
    async with TextbookViewer(served.base) as viewer:
        served_viewer(served, viewer).channels._buckets[KEYS_CHANNEL] = TokenBucket(0.1, 5)
        for _ in range(20):
            viewer.key("KeyA", True)
        viewer.key("KeyA", False)
        await until(lambda: served.guest.inputs and served.guest.inputs[-1] == ("key", "KeyA", False))
        assert served.streamer.drops()["too_many_messages"] == 15


async def test_malformed_messages_are_counted_and_lose_nothing(served: Served) -> None:
    async with TextbookViewer(served.base) as viewer:
        for rubbish in (b"", b"\x01", b"\x01\x01\0\0\0\0\xff\xff", b"\x63\0\0\0\0\0", b"x" * 20_000):
            viewer.channels[KEYS_CHANNEL].send(rubbish)
        viewer.channels[KEYS_CHANNEL].send("text")
        viewer.channels[POINTER_CHANNEL].send(wire.encode(wire.Key(1, "KeyA", True)))
        for text in ("{", "[]", '{"type":1}', '{"type":"no/such"}', '{"type":"focus/tier","tier":"x"}', "x" * 20_000):
            viewer.channels["control"].send(text)
        viewer.key("KeyA", True)
        await until(lambda: ("key", "KeyA", True) in served.guest.inputs)
        await until(lambda: sum(served.streamer.drops().values()) >= 12)
        drops = served.streamer.drops()
        assert drops["message_too_long"] == 2
        assert drops["unknown_message"] == 2
        assert drops["malformed_message"] >= 7
