"""Which of several walls is shown, and what is remembered of it."""

from collections.abc import Sequence

import pytest

from backend.contract.errors import SettingsError
from loco_kiosk.client import finder
from loco_kiosk.client.finder import FoundBackend
from loco_kiosk.models.walls_model import WallsModel
from loco_kiosk.settings import KioskSettings
from loco_kiosk.wall_choice import WallChoice
from tests.loco_kiosk.waiting import until

HALL = FoundBackend("Entrance hall", "http://192.0.2.6:8480", 9)
SHOP = FoundBackend("Workshop", "http://192.0.2.7:8480", 1)


class Person:
    """Sees what the kiosk does: follows, says, asks, remembers."""

    def __init__(self, *, may_choose: bool = True, wall: str = "", writable: bool = True) -> None:
        self.followed: list[str] = []
        self.said: list[str] = []
        self.remembered: list[str] = []
        self.asked = 0
        self.model = WallsModel()
        self._writable = writable
        self.choice = WallChoice(
            KioskSettings(wall=wall),
            self.model,
            follow=self.followed.append,
            say=self.said.append,
            remember=self._remember,
            ask=self._ask if may_choose else None,
        )

    def _ask(self) -> None:
        self.asked += 1

    def _remember(self, name: str) -> None:
        if not self._writable:
            raise SettingsError("The file is read-only.")
        self.remembered.append(name)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[FoundBackend]:
    found: list[FoundBackend] = []

    async def find(**_: object) -> tuple[FoundBackend, ...]:
        return tuple(found)

    monkeypatch.setattr(finder, "find", find)
    return found


def chosen(model: WallsModel) -> Sequence[object]:
    return [row["title"] for row in model.rows if row["chosen"]]


async def test_where_nobody_answers_there_is_nothing_to_choose(answers: list[FoundBackend]) -> None:
    person = Person()
    assert not await person.choice.find()
    assert (person.followed, person.asked) == ([], 0)


async def test_the_only_wall_is_shown_without_a_question(answers: list[FoundBackend]) -> None:
    answers.append(HALL)
    person = Person()
    assert await person.choice.find()
    assert (person.followed, person.asked, person.said) == ([HALL.url], 0, [])


async def test_of_several_one_is_shown_at_once_and_the_person_is_asked(answers: list[FoundBackend]) -> None:
    answers += [HALL, SHOP]
    person = Person()
    await person.choice.find()
    assert (person.followed, person.asked) == ([HALL.url], 1)
    person.model.choose(1)
    assert person.followed == [HALL.url, SHOP.url]
    assert person.remembered == ["Workshop"]
    assert chosen(person.model) == ["2 · Workshop"]


async def test_the_one_that_shows_can_be_confirmed_without_a_flicker(answers: list[FoundBackend]) -> None:
    answers += [HALL, SHOP]
    person = Person()
    await person.choice.find()
    person.model.choose(0)
    assert (person.followed, person.remembered) == ([HALL.url], ["Entrance hall"])


async def test_a_remembered_wall_is_shown_without_a_question(answers: list[FoundBackend]) -> None:
    answers += [HALL, SHOP]
    person = Person(wall="Workshop")
    await person.choice.find()
    assert (person.followed, person.asked, person.said) == ([SHOP.url], 0, [])


async def test_a_remembered_wall_that_is_away_is_named(answers: list[FoundBackend]) -> None:
    answers.append(HALL)
    person = Person(wall="Workshop")
    await person.choice.find()
    assert person.followed == [HALL.url]
    assert person.said == ["The wall 'Workshop' does not answer; this is Entrance hall."]


async def test_a_public_terminal_tells_its_choice_and_asks_no_visitor(answers: list[FoundBackend]) -> None:
    answers += [HALL, SHOP]
    person = Person(may_choose=False)
    await person.choice.find()
    assert person.followed == [HALL.url]
    assert "Workshop (http://192.0.2.7:8480)" in person.said[0]


async def test_a_choice_that_cannot_be_written_counts_all_the_same(answers: list[FoundBackend]) -> None:
    answers += [HALL, SHOP]
    person = Person(writable=False)
    await person.choice.find()
    person.model.choose(1)
    assert person.followed[-1] == SHOP.url
    assert person.said == ["The file is read-only."]


async def test_another_look_finds_a_wall_that_came_later(answers: list[FoundBackend]) -> None:
    answers.append(HALL)
    person = Person()
    await person.choice.find()
    answers.append(SHOP)
    person.model.look()
    await until(lambda: len(person.model.rows) == 2 and not person.model.looking)
    assert chosen(person.model) == ["1 · Entrance hall"]
    await person.choice.close()
