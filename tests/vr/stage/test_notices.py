from vr.stage.notices import READ_S, Notices


def test_a_lasting_sentence_lasts() -> None:
    notices = Notices()
    assert [notices.text("No connection.", (), now_s) for now_s in (0.0, 1000.0)] == ["No connection."] * 2


def test_a_passing_sentence_passes_and_comes_again_when_it_is_true_again() -> None:
    notices = Notices()
    sound = ("", "No sound.")
    assert notices.text("", sound, 0.0) == "No sound."
    assert notices.text("", sound, READ_S) == ""
    assert notices.text("", (), READ_S + 1) == ""
    assert notices.text("", sound, READ_S + 2) == "No sound."


def test_both_are_told() -> None:
    assert Notices().text("No connection.", ("No sound.",), 0.0) == "No connection. No sound."
