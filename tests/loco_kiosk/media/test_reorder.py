import random
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from loco_kiosk.media.packet import Packet
from loco_kiosk.media.reorder import GIVE_UP_US, MAX_PENDING, FrameBuffer


def pictures(sizes: Iterable[int], first: int = 65_530, ssrc: int = 1, timestamp: int = 0) -> list[list[Packet]]:
    """Pictures of so many packets each, over the wrap of the sequence number."""
    result, sequence = [], first
    for size in sizes:
        timestamp += 3000
        picture = []
        for index in range(size):
            picture.append(Packet(sequence & 0xFFFF, timestamp, ssrc, 97, index == size - 1, b"xx"))
            sequence += 1
        result.append(picture)
    return result


def flat(frames: Iterable[list[Packet]]) -> list[Packet]:
    return [packet for frame in frames for packet in frame]


def feed(buffer: FrameBuffer, packets: Iterable[Packet], now_us: int = 0) -> list[list[Packet]]:
    return [frame for packet in packets for frame in buffer.add(packet, now_us)]


sizes = st.lists(st.integers(1, 12), min_size=1, max_size=20)


@given(sizes, st.integers(0, 65_535))
def test_packets_in_order_come_out_as_they_went_in(counts: list[int], first: int) -> None:
    sent = pictures(counts, first)
    assert feed(FrameBuffer(), flat(sent)) == sent


@given(sizes, st.randoms(use_true_random=False), st.integers(0, 65_535))
def test_every_picture_comes_out_once_and_in_order_whatever_the_order_and_the_duplicates(
    counts: list[int], chance: random.Random, first: int
) -> None:
    sent = pictures(counts, first)
    packets = flat(sent)
    shuffled = packets[:1] + sorted(packets[1:] * 2, key=lambda _: chance.random())
    assert feed(FrameBuffer(), shuffled) == sent


@given(sizes, st.data())
def test_only_pictures_after_a_hole_wait_and_the_retransmission_frees_them(
    counts: list[int], data: st.DataObject
) -> None:
    sent = pictures(counts)
    packets = flat(sent)
    lost = data.draw(st.integers(0, len(packets) - 1)) if len(packets) > 1 else 0
    if lost == 0:
        return
    buffer = FrameBuffer()
    before = feed(buffer, packets[:lost] + packets[lost + 1 :])
    assert flat(before) == packets[: len(flat(before))]
    if lost < len(packets) - 1:
        assert buffer.missing() == [packets[lost].sequence]
    else:
        assert buffer.after_newest == packets[lost].sequence
    assert before + buffer.add(packets[lost], 0) == sent


def test_a_picture_is_released_with_its_marker_not_with_the_next_picture() -> None:
    (picture,) = pictures([3])
    buffer = FrameBuffer()
    assert feed(buffer, picture[:2]) == []
    assert buffer.add(picture[2], 0) == [picture]
    assert buffer.unfinished_since_us is None


def test_a_sender_without_markers_is_understood_by_its_time_stamps() -> None:
    sent = [[packet._replace(marker=False) for packet in picture] for picture in pictures([2, 2, 1])]
    assert feed(FrameBuffer(), flat(sent)) == sent[:2]


def test_a_hole_is_given_up_after_its_time_and_the_stream_goes_on_after_the_newest() -> None:
    sent = pictures([2, 2, 2])
    buffer = FrameBuffer()
    feed(buffer, [*sent[0], sent[1][1]], now_us=1_000)
    assert not buffer.should_give_up(1_000 + GIVE_UP_US - 1)
    assert buffer.should_give_up(1_000 + GIVE_UP_US)
    buffer.give_up()
    assert buffer.lost == 1
    assert buffer.hole_since_us is None
    assert feed(buffer, sent[2]) == [sent[2]]


def test_a_hole_is_given_up_when_too_much_waits_behind_it() -> None:
    sent = flat(pictures([MAX_PENDING + 10]))
    buffer = FrameBuffer()
    feed(buffer, sent[:1])
    feed(buffer, sent[2 : MAX_PENDING + 2])
    assert not buffer.should_give_up(1)
    feed(buffer, sent[MAX_PENDING + 2 : MAX_PENDING + 3])
    assert buffer.should_give_up(1)


def test_an_unfinished_picture_is_given_up_too() -> None:
    (picture,) = pictures([3])
    buffer = FrameBuffer()
    feed(buffer, picture[:2], now_us=5)
    assert buffer.unfinished_since_us == 5
    assert buffer.should_give_up(5 + GIVE_UP_US)
    buffer.give_up()
    assert buffer.unfinished_since_us is None
    assert not buffer.should_give_up(10 * GIVE_UP_US)


def test_another_source_starts_anew() -> None:
    buffer = FrameBuffer()
    first, second = pictures([3]), pictures([2], first=9, ssrc=2)
    feed(buffer, flat(first)[:2])
    assert feed(buffer, flat(second)) == second
    assert buffer.resyncs == 1
    assert buffer.ssrc == 2


def test_one_stray_sequence_number_is_ignored_and_two_in_a_row_are_a_new_sequence() -> None:
    buffer = FrameBuffer()
    feed(buffer, flat(pictures([1], first=100)))
    stray, new = flat(pictures([1, 1], first=20_000))
    assert buffer.add(stray, 0) == []
    assert buffer.resyncs == 0
    assert buffer.add(new, 0) == [[new]]
    assert buffer.resyncs == 1


def test_late_and_duplicate_packets_are_counted() -> None:
    buffer = FrameBuffer()
    packets = flat(pictures([1, 1, 1]))
    feed(buffer, [packets[0], packets[2], packets[2], packets[0]])
    assert (buffer.late, buffer.duplicates) == (1, 1)


def test_a_whole_picture_behind_a_hole_can_be_gone_on_with_and_what_follows_it_too() -> None:
    buffer = FrameBuffer()
    first, lost, start, after, last = pictures([2, 3, 2, 1, 2])
    feed(buffer, [*first, lost[0], lost[2], *start, *after, last[1]])
    assert buffer.skip_to(lambda _: False) == []
    chosen = iter([False, True])
    assert buffer.skip_to(lambda _: next(chosen)) == [start, after]
    assert buffer.lost == 1
    assert buffer.missing() == [last[0].sequence]
    assert feed(buffer, [last[0]]) == [last]
    assert feed(buffer, [lost[1]]) == []
    assert buffer.late == 1
