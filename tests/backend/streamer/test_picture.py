from backend.streamer.picture import Picture


def test_its_size_is_that_of_its_payloads() -> None:
    assert Picture((b"abc", b"de"), 1, 1, False).size_bytes == 5
