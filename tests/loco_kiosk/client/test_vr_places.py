"""Who has which place of the shared memory."""

from hypothesis import given
from hypothesis import strategies as st

from loco_kiosk.client.vr_places import Places
from loco_kiosk.media.shared_wall import PLACES


def names(*numbers: int) -> list[str]:
    return [f"instance-{number}" for number in numbers]


def test_a_machine_that_is_not_shown_has_no_place() -> None:
    places = Places()
    assert places.place("instance-0") is None
    assert places.show(names(0)) == ("instance-0",)
    assert places.place("instance-0") == 0
    places.show([])
    assert places.place("instance-0") is None


def test_a_page_that_comes_back_has_its_places_again() -> None:
    places = Places()
    places.show(names(*range(9)))
    first = [(places.place(name), places.tenancy(name)) for name in names(*range(9))]
    assert len(places.show(names(*range(9, 18)))) == 9
    places.show(names(*range(9)))
    assert [(places.place(name), places.tenancy(name)) for name in names(*range(9))] == first


def test_a_place_that_changes_its_tenant_says_so() -> None:
    places = Places()
    for page in range(0, 99, 9):
        places.show(names(*range(page, page + 9)))
    places.show(names(0))
    assert places.place("instance-0") in range(PLACES)
    assert places.tenancy("instance-0") > 90


def test_more_than_fit_are_left_out() -> None:
    places = Places()
    places.show(names(*range(50)))
    assert len(places.shown) == PLACES
    assert places.place("instance-49") is None


@given(st.lists(st.lists(st.integers(0, 98), max_size=40), max_size=30))
def test_no_two_machines_ever_share_a_place(pages: list[list[int]]) -> None:
    places = Places()
    tenants: dict[tuple[int | None, int], str] = {}
    for page in pages:
        places.show(names(*page))
        held = [places.place(name) for name in places.shown]
        assert None not in held
        assert len(set(held)) == len(held)
        assert set(held) <= set(range(PLACES))
        for name in places.shown:
            assert tenants.setdefault((places.place(name), places.tenancy(name)), name) == name
