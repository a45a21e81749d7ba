from loco_kiosk.media.nack import MAX_PATIENCE_US, REPEAT_US, TAIL_TRIES, TAIL_US, NackTimer
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


def test_an_answer_is_not_asked_for_again_before_it_can_be_here() -> None:
    buffer = FrameBuffer()
    timer = NackTimer(buffer)
    timer.round_trip_us = 40_000
    buffer.add(packet(1, True), 0)
    buffer.add(packet(3, True), 0)
    assert timer.due(0) == [2]
    assert timer.due(39_999) == []
    buffer.add(packet(5, True), 20_000)
    assert timer.due(40_000) == [2, 4]


def overtaken(buffer: FrameBuffer, timer: NackTimer, sequence: int, now_us: int, late_us: int) -> list[int]:
    """The packet comes ``late_us`` after the next one; what was asked for meanwhile."""
    buffer.add(packet(sequence + 1, True), now_us)
    asked = timer.due(now_us)
    timer.original(sequence, now_us + late_us)
    buffer.add(packet(sequence, True), now_us + late_us)
    timer.due(now_us + late_us)
    return asked


def test_where_packets_overtake_each_other_a_hole_is_given_time_and_less_again_later() -> None:
    buffer = FrameBuffer()
    timer = NackTimer(buffer)
    buffer.add(packet(1, True), 0)
    asked = [overtaken(buffer, timer, 2 * each, 100_000 * each, 8_000) for each in range(1, 30)]
    assert asked[0] == [2]
    assert asked[1:] == [[]] * 28
    now_us = 4_000_000
    buffer.add(packet(61, True), now_us)
    assert timer.due(now_us) == []
    assert timer.due(now_us + 4_000) == []
    assert timer.due(now_us + 8_000) == [60]
    buffer.add(packet(60, True), now_us + 9_000)
    now_us += 60_000_000
    timer.due(now_us)
    buffer.add(packet(63, True), now_us)
    assert timer.due(now_us) == [62]


def test_the_patience_is_bounded() -> None:
    buffer = FrameBuffer()
    timer = NackTimer(buffer)
    buffer.add(packet(1, True), 0)
    for each in range(1, 30):
        overtaken(buffer, timer, 2 * each, 300_000 * each, 200_000)
    buffer.add(packet(61, True), 9_100_000)
    timer.due(9_100_000)
    assert timer.due(9_100_000 + MAX_PATIENCE_US) == [60]


def test_an_answer_that_comes_twice_teaches_nothing() -> None:
    buffer = FrameBuffer()
    timer = NackTimer(buffer)
    buffer.add(packet(1, True), 0)
    for each in range(1, 20):
        buffer.add(packet(2 * each + 1, True), 100_000 * each)
        assert timer.due(100_000 * each) == [2 * each]
        buffer.add(packet(2 * each, True), 100_000 * each + 5_000)
        buffer.add(packet(2 * each, True), 100_000 * each + 9_000)
