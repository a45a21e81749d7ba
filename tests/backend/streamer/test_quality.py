from backend.streamer.quality import Quality


def test_viewers_who_ask_for_the_same_ask_for_one_encoder() -> None:
    first, second = (Quality(quantizer=20, max_bit_rate_bps=6_000_000) for _ in range(2))
    assert {first: 1} == {second: 1}
    assert first != Quality(quantizer=20, max_bit_rate_bps=6_000_000, pixel_exact=True)
    assert not first.pixel_exact
    assert first.shrink == 1
