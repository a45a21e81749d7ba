from backend.discovery.kubernetes.statistics import BUCKETS_S, ApiCall, Statistics


def test_calls_are_counted_by_resource_verb_and_code() -> None:
    statistics = Statistics()
    for code in ("200", "200", "lost"):
        statistics.called(ApiCall("pods", "list", code, 0.02))
    assert statistics.api_calls == {("pods", "list", "200"): 2, ("pods", "list", "lost"): 1}


def test_durations_are_a_cumulative_histogram() -> None:
    statistics = Statistics()
    for seconds in (0.001, 0.02, 100.0):
        statistics.called(ApiCall("pods", "list", "200", seconds))
    durations = statistics.api_seconds["pods", "list"]
    assert durations.count == 3
    assert durations.sum_s == 100.021
    assert dict(zip(BUCKETS_S, durations.buckets, strict=True))[0.005] == 1
    assert durations.buckets[-1] == 2
    assert durations.buckets == sorted(durations.buckets)


def test_each_resource_has_its_own_counters() -> None:
    statistics = Statistics()
    statistics.of("pods").drift += 1
    assert statistics.of("pods").drift == 1
    assert statistics.of("endpoints").drift == 0
