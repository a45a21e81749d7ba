from backend.streamer.counters import Drops


def test_drops_are_counted_by_cause() -> None:
    drops = Drops()
    drops.count("slow_viewer")
    drops.count("slow_viewer", 2)
    totals = drops.totals()
    drops.count("other")
    assert totals == {"slow_viewer": 3}
