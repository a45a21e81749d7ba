from loco_kiosk.media.mixer import Mixer
from loco_kiosk.models.sound_model import SoundModel


def test_keys_change_the_volume_by_a_step_and_unmute() -> None:
    mixer = Mixer()
    mixer.volume, mixer.muted = 0.5, True
    model = SoundModel(mixer)
    model.command("volume_up")
    assert (model.volume, mixer.muted) == (55, False)
    model.command("volume_down")
    assert model.volume == 50


def test_the_volume_stays_between_silence_and_full() -> None:
    mixer = Mixer()
    model = SoundModel(mixer)
    model.setVolume(500)
    assert mixer.volume == 1.0
    model.setVolume(-3)
    assert mixer.volume == 0.0


def test_mute_toggles_and_other_commands_are_not_ours() -> None:
    mixer = Mixer()
    model = SoundModel(mixer)
    model.command("mute")
    assert model.muted
    model.command("exit")
    assert model.muted


def test_outputs_and_their_trouble_are_shown() -> None:
    model = SoundModel(Mixer())
    model.show_output(["HDMI"], "", "No sound output found")
    assert (model.devices, model.device, model.notice) == (["HDMI"], "", "No sound output found")


def test_a_chosen_output_is_passed_on() -> None:
    chosen: list[str] = []
    model = SoundModel(Mixer())
    model.deviceChosen.connect(chosen.append)
    model.choose("HDMI")
    model.setMono(True)
    assert chosen == ["HDMI"]
    assert model.mono


def test_the_next_visitor_finds_the_sound_as_it_was_set_up() -> None:
    mixer = Mixer()
    model = SoundModel(mixer)
    seen: list[int] = []
    model.changed.connect(lambda: seen.append(1))
    model.setVolume(10)
    model.restore(80, True)
    assert (model.volume, model.muted) == (80, True)
    model.set_muted(False)
    assert not mixer.muted
    assert len(seen) == 3
