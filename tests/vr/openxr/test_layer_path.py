"""How pictures become layers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vr.openxr.layer_path import Path, Share, Wish, path_of, share


@pytest.mark.parametrize(
    ("wish", "bent", "cylinders", "path"),
    [
        (Wish.AUTO, True, True, Path.CYLINDER),
        (Wish.AUTO, True, False, Path.QUAD),
        (Wish.AUTO, False, True, Path.QUAD),
        (Wish.CYLINDER, True, True, Path.CYLINDER),
        (Wish.CYLINDER, True, False, Path.QUAD),
        (Wish.QUAD, True, True, Path.QUAD),
        (Wish.PROJECTION, True, True, Path.DRAWN),
    ],
)
def test_a_picture_takes_the_best_path_that_is_wished_and_offered(
    wish: Wish, bent: bool, cylinders: bool, path: Path
) -> None:
    assert path_of(wish, bent=bent, cylinders=cylinders) is path


@given(st.integers(0, 60), st.integers(1, 128))
def test_the_runtime_never_gets_more_layers_than_it_takes(pictures: int, limit: int) -> None:
    drawn, own = share(Wish.AUTO, pictures, limit)
    assert drawn + own == pictures
    assert own + bool(drawn) <= limit


def test_pictures_keep_their_own_layers_while_there_are_enough() -> None:
    assert share(Wish.AUTO, 16, 16) == Share(0, 16)
    assert share(Wish.AUTO, 17, 16) == Share(2, 15)


def test_everything_is_drawn_on_wish() -> None:
    assert share(Wish.PROJECTION, 5, 16) == Share(5, 0)
