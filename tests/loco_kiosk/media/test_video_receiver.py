"""One stream through the receiver, packet by packet, without a network."""

import asyncio
import struct
from collections.abc import Iterator, Sequence

import av
import numpy as np
import pytest
from aiortc.codecs.h264 import H264Encoder
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

from loco_kiosk.media.key_frame_gate import FIRST_US
from loco_kiosk.media.reorder import GIVE_UP_US
from loco_kiosk.media.video_receiver import EARLY_US, Picture, VideoReceiver
from tests.loco_kiosk.waiting import until

RTX_TYPE, OTHER_RTX_TYPE = 100, 102


class Sender:
    """Encodes noise, so that each picture has several packets."""

    def __init__(self, ssrc: int = 1, sequence: int = 65_500) -> None:
        self.ssrc, self.sequence, self.timestamp = ssrc, sequence, 0
        codec = av.CodecContext.create("libx264", "w")
        assert isinstance(codec, VideoCodecContext)
        codec.width, codec.height, codec.pix_fmt, codec.gop_size = 160, 120, "yuv420p", 3000
        codec.options = {"preset": "ultrafast", "tune": "zerolatency", "crf": "20"}
        self._codec = codec
        self._noise = np.random.default_rng(1)

    def picture(self, *, key: bool = False) -> list[bytes]:
        frame = av.VideoFrame.from_ndarray(self._noise.integers(0, 255, (180, 160), np.uint8), format="yuv420p")
        if key:
            frame.pict_type = PictureType.I
        data = b"".join(bytes(packet) for packet in self._codec.encode(frame))
        payloads = H264Encoder._packetize(H264Encoder._split_bitstream(data))
        self.timestamp += 3000
        return [self._packet(payload, last=payload is payloads[-1]) for payload in payloads]

    def _packet(self, payload: bytes, *, last: bool) -> bytes:
        self.sequence = (self.sequence + 1) & 0xFFFF
        return struct.pack("!BBHII", 0x80, 99 | last << 7, self.sequence, self.timestamp, self.ssrc) + payload


def retransmitted(packet: bytes, payload_type: int = RTX_TYPE) -> bytes:
    marker = packet[1] & 0x80
    return struct.pack("!BBHI", 0x80, payload_type | marker, 7, int.from_bytes(packet[4:8], "big")) + (
        b"\0\0\0\x09" + packet[2:4] + packet[12:]
    )


class Asked:
    def __init__(self) -> None:
        self.packets: list[list[int]] = []
        self.key_frames = 0

    def request_packets(self, ssrc: int, sequences: Sequence[int]) -> None:
        self.packets.append(list(sequences))

    def request_key_frame(self, ssrc: int) -> None:
        self.key_frames += 1


class Receiving:
    def __init__(self) -> None:
        self.asked = Asked()
        self.pictures: list[Picture] = []
        self.receiver = VideoReceiver(self.asked, self.pictures.append)
        self.receiver.start(frozenset({RTX_TYPE, OTHER_RTX_TYPE}))

    def take(self, packets: list[bytes]) -> None:
        for packet in packets:
            self.receiver.received(packet)

    @property
    def stamps(self) -> list[int]:
        return [picture.rtp_timestamp for picture in self.pictures]


@pytest.fixture
async def receiving() -> Receiving:
    return Receiving()


@pytest.fixture(autouse=True)
def closing(receiving: Receiving) -> Iterator[None]:
    yield
    receiving.receiver.close()


async def test_each_picture_is_decoded_within_the_call_that_brings_its_last_packet(receiving: Receiving) -> None:
    sender = Sender()
    for number in range(1, 11):
        packets = sender.picture()
        receiving.take(packets[:-1])
        assert len(receiving.pictures) == number - 1
        receiving.take(packets[-1:])
        assert len(receiving.pictures) == number
    assert receiving.asked.key_frames == 0
    assert not receiving.receiver.repairing
    assert receiving.receiver.losses() == {}
    assert all(picture.decoded_us >= picture.received_us for picture in receiving.pictures)


@pytest.mark.parametrize("payload_type", [RTX_TYPE, OTHER_RTX_TYPE])
async def test_a_hole_is_asked_for_at_once_and_a_retransmission_fills_it(
    receiving: Receiving, payload_type: int
) -> None:
    sender = Sender()
    receiving.take(sender.picture())
    packets = sender.picture()
    receiving.take(packets[:1] + packets[2:])
    assert receiving.asked.packets == [[int.from_bytes(packets[1][2:4], "big")]]
    await until(lambda: len(receiving.asked.packets) > 3)
    receiving.take([retransmitted(packets[1], payload_type)])
    assert len(receiving.pictures) == 2
    assert receiving.receiver.losses() == {}
    assert receiving.receiver.statistics.expected - receiving.receiver.statistics.packets == 1
    count = len(receiving.asked.packets)
    await asyncio.sleep(0.03)
    assert len(receiving.asked.packets) == count


async def test_the_lost_end_of_a_picture_is_asked_for_without_another_packet(receiving: Receiving) -> None:
    packets = Sender().picture()
    receiving.take(packets[:-1])
    await until(lambda: receiving.asked.packets, 1.0, 0.001)
    assert receiving.asked.packets[0] == [int.from_bytes(packets[-1][2:4], "big")]


async def test_a_hole_that_nobody_fills_ends_with_a_key_frame_and_no_broken_picture_is_shown(
    receiving: Receiving,
) -> None:
    sender = Sender()
    receiving.take(sender.picture())
    receiving.take(sender.picture()[1:])
    await until(lambda: receiving.asked.key_frames == 2, GIVE_UP_US / 1e6 + 1)
    receiving.take(sender.picture())
    assert len(receiving.pictures) == 1
    assert receiving.receiver.losses()["picture before key frame"] == 1
    receiving.take(sender.picture(key=True))
    receiving.take(sender.picture())
    assert len(receiving.pictures) == 3
    assert receiving.receiver.losses()["lost packet"] == 1


async def test_a_key_frame_behind_a_hole_ends_the_freeze_without_waiting_for_the_hole(receiving: Receiving) -> None:
    sender = Sender()
    receiving.take(sender.picture())
    receiving.take(sender.picture()[1:])
    await until(lambda: receiving.asked.key_frames == 1, EARLY_US / 1e6 + 1)
    receiving.take(sender.picture())
    assert len(receiving.pictures) == 1
    key = sender.picture(key=True)
    after = sender.picture()
    receiving.take(key[:-1])
    receiving.take(after)
    assert len(receiving.pictures) == 1
    receiving.take(key[-1:])
    assert receiving.stamps[1:] == [sender.timestamp - 3000, sender.timestamp]
    assert receiving.pictures[-1].losses == 1
    assert receiving.receiver.losses() == {"lost packet": 1}
    assert not receiving.receiver.repairing


async def test_a_hole_that_is_filled_in_time_costs_no_picture_even_after_a_key_frame_was_asked_for(
    receiving: Receiving,
) -> None:
    sender = Sender()
    receiving.take(sender.picture())
    packets = sender.picture()
    receiving.take(packets[1:])
    await until(lambda: receiving.asked.key_frames == 1, EARLY_US / 1e6 + 1)
    receiving.take([retransmitted(packets[0])])
    receiving.take(sender.picture(key=True))
    assert len(receiving.pictures) == 3
    assert receiving.receiver.losses() == {}


async def test_joining_in_the_middle_waits_for_a_key_frame_and_asks_for_it_once(receiving: Receiving) -> None:
    sender = Sender()
    sender.picture()
    for _ in range(5):
        receiving.take(sender.picture())
    assert receiving.pictures == []
    assert receiving.asked.key_frames == 1
    receiving.take(sender.picture(key=True))
    assert len(receiving.pictures) == 1


async def test_a_silent_start_asks_for_a_key_frame(receiving: Receiving) -> None:
    await until(lambda: receiving.asked.key_frames == 1, FIRST_US / 1e6 + 1)


async def test_an_undecodable_picture_is_counted_and_a_key_frame_asked_for(receiving: Receiving) -> None:
    sender = Sender()
    receiving.take(sender.picture())
    receiving.take([sender._packet(b"\x65" + b"\xff" * 50, last=True)])
    assert receiving.receiver.losses() == {"undecodable picture": 1}
    assert receiving.asked.key_frames == 1


async def test_a_restarted_sender_is_followed_from_its_key_frame(receiving: Receiving) -> None:
    receiving.take(Sender().picture())
    receiving.take(Sender(ssrc=2, sequence=7).picture())
    assert len(receiving.pictures) == 2
    assert receiving.receiver.losses() == {"stream restart": 1}


async def test_malformed_packets_are_counted_and_disturb_nothing(receiving: Receiving) -> None:
    sender = Sender()
    receiving.take(sender.picture())
    receiving.take([b"\x80\x63", b"\x00" * 12, struct.pack("!BBHII", 0x80, RTX_TYPE, 1, 1, 1) + b"x"])
    receiving.take(sender.picture())
    assert len(receiving.pictures) == 2
    assert receiving.receiver.losses() == {"malformed packet": 3}


async def test_a_picture_that_the_sender_tells_of_is_asked_for(receiving: Receiving) -> None:
    sender = Sender()
    receiving.take(sender.picture())
    receiving.receiver.expect(sender.timestamp)
    await asyncio.sleep(0.03)
    assert receiving.asked.packets == []
    lost = sender.picture()
    receiving.receiver.expect(sender.timestamp)
    await until(lambda: receiving.asked.packets, 1.0)
    assert receiving.asked.packets[0] == [int.from_bytes(lost[0][2:4], "big")]
    receiving.take(lost)
    assert receiving.stamps[-1] == sender.timestamp


async def test_after_close_nothing_is_asked_for(receiving: Receiving) -> None:
    receiving.take(Sender().picture()[:-1])
    receiving.receiver.close()
    await asyncio.sleep(0.05)
    assert receiving.asked.packets == []
