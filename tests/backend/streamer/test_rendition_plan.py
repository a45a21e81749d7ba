from hypothesis import given
from hypothesis import strategies as st

from backend.streamer.quality import Quality
from backend.streamer.rendition_plan import MOST_RENDITIONS, Share, plan

FULL = Quality(quantizer=20, max_bit_rate_bps=6_000_000)
EXACT = Quality(quantizer=20, max_bit_rate_bps=6_000_000, pixel_exact=True)
NARROW = Quality(quantizer=28, max_bit_rate_bps=600_000, shrink=2)
NARROWER = Quality(quantizer=31, max_bit_rate_bps=300_000, shrink=2)
LOW = Quality(quantizer=20, max_bit_rate_bps=150_000)


def test_viewers_who_want_the_same_share_it_at_the_pace_of_the_most_eager() -> None:
    assert set(plan({1: Share(FULL, 30), 2: Share(FULL, 60)}).values()) == {Share(FULL, 60)}


def test_who_wants_far_fewer_pictures_gets_an_encoder_of_its_own_where_there_is_room() -> None:
    shares = plan({1: Share(FULL, 60), 2: Share(FULL, 10), 3: Share(FULL, 1)})
    assert shares == {1: Share(FULL, 60), 2: Share(FULL, 10, lazy=True), 3: Share(FULL, 10, lazy=True)}
    shares = plan({1: Share(FULL, 60), 2: Share(EXACT, 60), 3: Share(NARROW, 30), 4: Share(FULL, 1)})
    assert shares[4] == shares[1] == Share(FULL, 60)


def test_beyond_the_most_the_two_that_differ_least_become_the_thriftier() -> None:
    shares = plan({1: Share(FULL, 60), 2: Share(EXACT, 60), 3: Share(NARROW, 30), 4: Share(NARROWER, 20)})
    assert shares == {1: Share(FULL, 60), 2: Share(FULL, 60), 3: Share(NARROW, 30), 4: Share(NARROWER, 20)}
    shares = plan({0: Share(LOW, 8), 1: Share(FULL, 60), 3: Share(NARROW, 30), 4: Share(NARROWER, 20)})
    assert shares == {0: Share(LOW, 8), 1: Share(FULL, 60), 3: Share(NARROWER, 20), 4: Share(NARROWER, 20)}


qualities = st.builds(
    Quality,
    quantizer=st.integers(20, 34),
    max_bit_rate_bps=st.sampled_from([6_000_000, 2_500_000, 1_200_000, 600_000, 300_000, 150_000]),
    pixel_exact=st.booleans(),
    shrink=st.sampled_from([1, 2]),
)


@given(st.dictionaries(st.integers(), st.builds(Share, qualities, st.sampled_from([60.0, 30.0, 10.0, 1.0]))))
def test_nobody_gets_more_than_it_can_take_and_never_too_many_are_made(wishes: dict[int, Share]) -> None:
    shares = plan(wishes)
    assert shares.keys() == wishes.keys()
    assert len(set(shares.values())) <= MOST_RENDITIONS
    for viewer, share in shares.items():
        wish = wishes[viewer]
        assert share.quality.max_bit_rate_bps <= wish.quality.max_bit_rate_bps
        assert share.quality.quantizer >= wish.quality.quantizer
        assert share.quality.shrink >= wish.quality.shrink
        assert wish.quality.pixel_exact or not share.quality.pixel_exact
