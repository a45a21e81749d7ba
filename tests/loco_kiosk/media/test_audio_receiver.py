import struct

import av
import numpy as np
import pytest
from av.audio.codeccontext import AudioCodecContext

from loco_kiosk.media.audio_receiver import AudioReceiver, Pcm


@pytest.fixture(scope="module")
def packets() -> list[bytes]:
    """One second of a tone, as Opus packets of 20 ms."""
    codec = av.CodecContext.create("libopus", "w")
    assert isinstance(codec, AudioCodecContext)
    codec.sample_rate, codec.layout, codec.format = 48_000, "stereo", "s16"
    tone = (np.sin(np.arange(48_000) * 2 * np.pi * 440 / 48_000) * 16_000).astype(np.int16)
    result: list[bytes] = []
    for start in range(0, 48_000, 960):
        frame = av.AudioFrame.from_ndarray(np.repeat(tone[start : start + 960], 2)[None], format="s16", layout="stereo")
        frame.sample_rate, frame.pts = 48_000, start
        result += [bytes(packet) for packet in codec.encode(frame)]
    return result


def rtp(index: int, payload: bytes, *, timestamp: int | None = None, ssrc: int = 1) -> bytes:
    stamp = index * 960 if timestamp is None else timestamp
    return struct.pack("!BBHII", 0x80, 96, (65_530 + index) & 0xFFFF, stamp & 0xFFFF_FFFF, ssrc) + payload


class Heard:
    def __init__(self) -> None:
        self.pieces: list[tuple[Pcm, bool]] = []
        self.receiver = AudioReceiver(lambda pcm, continuous: self.pieces.append((pcm, continuous)))


def test_a_tone_is_heard_at_its_loudness(packets: list[bytes]) -> None:
    heard = Heard()
    for index, payload in enumerate(packets):
        heard.receiver.received(rtp(index, payload))
    sound = np.concatenate([pcm for pcm, _ in heard.pieces[5:]])
    assert sound.dtype == np.int16
    assert float(np.sqrt(np.mean(sound.astype(float) ** 2))) == pytest.approx(16_000 / 2**0.5, rel=0.05)
    assert [continuous for _, continuous in heard.pieces] == [False] + [True] * (len(packets) - 1)


def test_a_way_that_brings_packets_out_of_order_is_known_after_the_first_and_then_waited_for(
    packets: list[bytes],
) -> None:
    heard = Heard()
    for index in (0, 2, 1, 3, 4, 6, 5, 7):
        heard.receiver.received(rtp(index, packets[index]))
    assert heard.receiver.drops == {"lost packet": 1, "late packet": 1}
    straight = Heard()
    for index in (0, 2, 3, 4, 5, 6, 7):
        straight.receiver.received(rtp(index, packets[index]))
    assert all(np.array_equal(one[0], two[0]) for one, two in zip(heard.pieces, straight.pieces, strict=True))


def test_a_lost_packet_is_patched_as_soon_as_the_next_one_is_there(packets: list[bytes]) -> None:
    heard = Heard()
    for index in (0, 1, 2, 3, 4, 6, 7):
        heard.receiver.received(rtp(index, packets[index]))
    assert heard.receiver.drops == {"lost packet": 1}
    assert [len(pcm) for pcm, _ in heard.pieces] == [len(heard.pieces[0][0])] + [960] * 7
    assert all(continuous for _, continuous in heard.pieces[1:])
    steps = np.abs(np.diff(np.concatenate([pcm[:, 0] for pcm, _ in heard.pieces[3:]]).astype(int)))
    assert steps.max() < 2_000  # the tone itself has steps of 920


def test_a_long_hole_is_silence_and_is_not_patched(packets: list[bytes]) -> None:
    heard = Heard()
    for index in (0, 1, 12):
        heard.receiver.received(rtp(index, packets[index]))
    assert [continuous for _, continuous in heard.pieces] == [False, True, False]


def test_what_waits_behind_a_hole_is_bounded(packets: list[bytes]) -> None:
    heard = Heard()
    for late in range(5):
        for index in (10 * late, 10 * late + 2, 10 * late + 1):  # late each time
            heard.receiver.received(rtp(index, packets[index % 50]))
    before = len(heard.pieces)
    for index in (44, 45, 46, 47):
        heard.receiver.received(rtp(index, packets[index]))
    assert len(heard.pieces) - before >= 4


def test_silence_that_was_not_sent_is_a_gap_and_not_a_loss(packets: list[bytes]) -> None:
    heard = Heard()
    heard.receiver.received(rtp(0, packets[0]))
    heard.receiver.received(rtp(1, packets[1], timestamp=96_000))
    assert [continuous for _, continuous in heard.pieces] == [False, False]
    assert not heard.receiver.drops


def test_rubbish_is_counted(packets: list[bytes]) -> None:
    heard = Heard()
    heard.receiver.received(b"\x80\x60")
    heard.receiver.received(rtp(0, b"\xff\xff\xff"))
    heard.receiver.received(rtp(1, b""))
    assert heard.receiver.drops == {"malformed packet": 1, "undecodable packet": 1}
    heard.receiver.received(rtp(2, packets[2]))
    assert len(heard.pieces) == 1


def test_a_restarted_sender_starts_anew(packets: list[bytes]) -> None:
    heard = Heard()
    heard.receiver.received(rtp(5, packets[5]))
    heard.receiver.received(rtp(0, packets[0], ssrc=2))
    assert len(heard.pieces) == 2
