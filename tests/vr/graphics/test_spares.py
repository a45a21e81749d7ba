"""Closed canvases are kept by their size, and not for ever."""

from vr.graphics.spares import MOST, Spares


class Sheet:
    """A canvas as far as it can be kept."""

    def __init__(self, width_px: int, height_px: int) -> None:
        self.width_px, self.height_px = width_px, height_px
        self.destroyed: list[bool] = []

    def destroy(self, *, session_ended: bool) -> None:
        self.destroyed.append(session_ended)


def test_only_the_same_size_serves_again() -> None:
    spares: Spares[Sheet] = Spares()
    small, large = Sheet(4, 3), Sheet(8, 6)
    spares.keep(small)
    spares.keep(large)
    assert spares.take((8, 6)) is large
    assert spares.take((8, 6)) is None
    assert spares.take((3, 4)) is None
    assert spares.take((4, 3)) is small


def test_the_oldest_makes_room() -> None:
    spares: Spares[Sheet] = Spares()
    sheets = [Sheet(4, 3) for _ in range(MOST + 2)]
    for sheet in sheets:
        spares.keep(sheet)
    assert [sheet.destroyed for sheet in sheets[:3]] == [[False], [False], []]
    assert len(spares) == MOST


def test_after_the_session_all_are_freed() -> None:
    spares: Spares[Sheet] = Spares()
    sheets = [Sheet(4, 3) for _ in range(3)]
    for sheet in sheets:
        spares.keep(sheet)
    spares.end()
    assert [sheet.destroyed for sheet in sheets] == [[True]] * 3
    assert not spares
