from loco_kiosk.media.nack import REPEAT_US, TAIL_TRIES, TAIL_US, NackTimer
from loco_kiosk.media.packet import Packet
from loco_kiosk.media.reorder import FrameBuffer


def packet(sequence: int, marker: bool) -> Packet:
    return Packet(sequence, 1, 1, 97, marker, b"xx")


def test_nothing_is_asked_for_while_nothing_is_missing() -> None:
    buffer = FrameBuffer()
    timer = NackTimer(buffer)
    buffer.add(packet(1, True), 0)
    assert not timer.active
    assert timer.due(1_000_000) == []


def test_a_hole_is_asked_for_at_once_and_every_ten_milliseconds_until_it_is_filled() -> None:
    buffer = FrameBuffer()
    timer = NackTimer(buffer)
    buffer.add(packet(1, True), 0)
    buffer.add(packet(4, True), 0)
    assert timer.active
    assert timer.due(100) == [2, 3]
    assert timer.due(100 + REPEAT_US - 1) == []
    assert timer.due(100 + REPEAT_US) == [2, 3]
    buffer.add(packet(2, True), 0)
    assert timer.due(100 + 2 * REPEAT_US) == [3]
    buffer.add(packet(3, True), 0)
    assert not timer.active


def test_the_lost_last_packet_of_a_picture_is_asked_for_after_five_milliseconds() -> None:
    buffer = FrameBuffer()
    timer = NackTimer(buffer)
    buffer.add(packet(65_535, False), 1_000)
    assert timer.active
    assert timer.due(1_000 + TAIL_US - 1) == []
    assert timer.due(1_000 + TAIL_US) == [0]


def test_a_whole_lost_picture_is_asked_for_when_the_sender_tells_of_it_but_not_for_ever() -> None:
    buffer = FrameBuffer()
    timer = NackTimer(buffer)
    buffer.add(packet(8, True), 0)
    timer.expect_more()
    asked = [timer.due(number * REPEAT_US) for number in range(1, TAIL_TRIES + 3)]
    assert asked == [[9]] * TAIL_TRIES + [[], []]
    assert not timer.active


def test_an_arrival_ends_the_expectation() -> None:
    timer = NackTimer(FrameBuffer())
    timer.expect_more()
    timer.arrived()
    assert not timer.active
