from backend.discovery.kubernetes.drift import Disputes


def test_only_what_lasts_is_counted_and_only_once() -> None:
    disputes = Disputes(patience_s=2.0)
    assert disputes.update(["a", "b"], 10.0) == []
    assert disputes.update(["a"], 12.5) == ["a"]
    assert disputes.update(["a", "b"], 13.0) == []
    assert (disputes.total, disputes.lasting) == (1, 1)
    assert disputes.update(["b"], 14.0) == []
    assert disputes.lasting == 0
    assert disputes.update(["a", "b"], 15.1) == ["b"]
    assert disputes.update(["a", "b"], 17.2) == ["a"]
    assert disputes.total == 3
