from backend.streamer.packetizer import LARGE_PAYLOAD_BYTES, MAX_PAYLOAD_BYTES
from backend.streamer.picture import Picture


def test_it_is_packetised_once_for_each_size_of_packet() -> None:
    picture = Picture(b"\0\0\0\1\x61" + b"x" * 5000, 1, 1, False)
    assert picture.size_bytes == 5005
    assert [len(picture.payloads), len(picture.large_payloads)] == [5, 1]
    assert max(map(len, picture.payloads)) <= MAX_PAYLOAD_BYTES < len(picture.large_payloads[0]) <= LARGE_PAYLOAD_BYTES
    assert picture.payloads is picture.payloads
