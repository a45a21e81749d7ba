from loco_kiosk.models.walls_model import WallRow, WallsModel

HALL = WallRow("Entrance hall", "http://192.0.2.6:8480", 9)
SHOP = WallRow("Workshop", "http://192.0.2.7:8480", 1)
OLD = WallRow("Attic", "http://192.0.2.8:8480")


def test_each_wall_tells_its_name_its_address_and_its_size() -> None:
    model = WallsModel()
    model.show([HALL, SHOP, OLD], SHOP.url)
    assert [row["hint"] for row in model.rows] == [
        "192.0.2.6:8480 · 9 machines",
        "192.0.2.7:8480 · 1 machine",
        "192.0.2.8:8480",
    ]
    assert [row["chosen"] for row in model.rows] == [False, True, False]
    assert not model.looking


def test_a_choice_and_a_wish_to_look_again_are_passed_on() -> None:
    model = WallsModel()
    chosen: list[int] = []
    asked: list[bool] = []
    model.chosen.connect(chosen.append)
    model.asked.connect(lambda: asked.append(True))
    model.show([HALL, SHOP], HALL.url)
    model.choose(1)
    model.choose(7)
    model.look()
    assert (chosen, asked) == ([1], [True])
