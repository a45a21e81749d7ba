from loco_kiosk.client.lan_view import LanView


def test_before_anything_was_told_nothing_is_known_and_nothing_is_wrong() -> None:
    assert (LanView().status, LanView().reason) == (None, "")
