"""What the messages of the control channel stand on."""

from backend.contract.control import PictureWish, Preference, StreamerStatistics, Tier


def test_tiers_are_listed_from_the_most_to_the_least() -> None:
    """Whoever merges the needs of window and headset takes the first that anybody wants."""
    assert list(Tier) == [Tier.ZOOMED, Tier.GRID, Tier.SMALL, Tier.HIDDEN]


def test_who_wishes_nothing_gets_motion_and_what_every_player_decodes() -> None:
    assert PictureWish() == PictureWish(Preference.SMOOTH, pixel_exact=False)


def test_statistics_of_two_seconds_share_no_counters() -> None:
    one, other = (StreamerStatistics(0, 0, 0.0, 0, -120.0) for _ in range(2))
    assert one.drops is not other.drops
    assert one.stages_ms is not other.stages_ms
