from loco_kiosk.client.tile import TileState, TileView
from loco_kiosk.models.alerts import Alerts


def tile(instance: str = "instance-0", **changes: object) -> TileView:
    given: dict[str, object] = {"slot": 0, "id": instance, "name": "Yard", "state": TileState.LIVE}
    return TileView(**(given | changes))  # type: ignore[arg-type]  # fields by name


def looked(alerts: Alerts, view: TileView, first_s: int, seconds: int) -> None:
    for second in range(seconds):
        alerts.look([view], float(first_s + second))


def test_a_bad_moment_is_no_alert() -> None:
    alerts = Alerts()
    looked(alerts, tile(loss=0.3), 0, 3)
    looked(alerts, tile(), 3, 1)
    looked(alerts, tile(loss=0.3), 4, 3)
    assert alerts.active == {}
    assert not alerts.log


def test_some_poor_seconds_are_an_alert_until_some_good_ones() -> None:
    alerts = Alerts()
    looked(alerts, tile(loss=0.3), 10, 4)
    assert "30 %" in alerts.active["instance-0"]
    looked(alerts, tile(loss=0.1), 14, 1)
    assert "10 %" in alerts.active["instance-0"]
    looked(alerts, tile(), 15, 5)
    assert alerts.active
    looked(alerts, tile(), 20, 1)
    assert alerts.active == {}
    (alert,) = alerts.log
    assert (alert.since_s, alert.until_s, alert.name) == (10.0, 15.0, "Yard")


def test_freezes_count_over_ten_seconds() -> None:
    alerts = Alerts()
    for second in range(16):
        alerts.look([tile(frozen_ms=second * 250.0)], float(second))
    assert "freezing" in alerts.active["instance-0"]
    for second in range(16, 34):
        alerts.look([tile(frozen_ms=15 * 250.0)], float(second))
    assert alerts.active == {}


def test_counters_that_begin_anew_are_no_freeze() -> None:
    alerts = Alerts()
    looked(alerts, tile(frozen_ms=9000.0), 0, 5)
    looked(alerts, tile(frozen_ms=0.0), 5, 5)
    assert not alerts.log


def test_a_machine_that_goes_ends_its_alert() -> None:
    alerts = Alerts()
    looked(alerts, tile(loss=0.3), 0, 5)
    alerts.look([], 5.0)
    assert alerts.active == {}
    assert alerts.log[0].until_s == 5.0
