from backend.streamer.stage_times import SecondSummary, StageTimes


def test_a_second_is_summed_up_and_forgotten() -> None:
    times = StageTimes()
    times.add({"convert": 1000, "encode": 3000}, 1000)
    times.add({"convert": 2000, "encode": 1000}, 500)
    assert times.summarize(1.0) == SecondSummary(2.0, 12_000, {"convert": 1.5, "encode": 2.0})
    assert times.summarize(1.0) == SecondSummary(0.0, 0, {})
    assert times.pictures == 2
