"""Settings from flags, environment, file and defaults."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from backend.contract.errors import SettingsError
from backend.contract.settings import from_table, load, load_section, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    port: int = setting(8480, "TCP port.", minimum=0, maximum=65535)
    volume: float = setting(0.5, "Loudness, 0 to 1.", minimum=0, maximum=1)
    mono: bool = setting(False, "One channel for both ears.")
    scaling: str = setting("smooth", "How pictures are scaled.", choices=("smooth", "integer"))
    image: Path | None = setting(None, "Disk image.")
    hosts: tuple[str, ...] = setting((), "Names.")
    secret: str = setting("", "Not a flag.", flag=False)


def read(arguments: list[str], toml: str | None = None, directory: Path | None = None, **environment: str) -> Sample:
    if toml is not None:
        assert directory is not None
        file = directory / "loco.toml"
        file.write_text(toml)
        arguments = [*arguments, "--config", str(file)]
    else:
        environment.setdefault("LOCO_CONFIG", "/dev/null")
    settings, _ = load(Sample, "sample", arguments, description="A sample.", environment=environment)
    return settings


def test_without_anything_the_defaults_hold() -> None:
    assert read([]) == Sample()


def test_flags_win_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    toml = "[sample]\nport = 1\nvolume = 0.25\nmono = true\n"
    settings = read(["--port", "3"], toml, tmp_path, LOCO_SAMPLE_PORT="2", LOCO_SAMPLE_VOLUME="0.75")
    assert (settings.port, settings.volume, settings.mono) == (3, 0.75, True)


def test_every_type_is_read_from_every_source(tmp_path: Path) -> None:
    toml = '[sample]\nimage = "a.img"\nhosts = ["a", "b"]\nscaling = "integer"\nsecret = "x"'
    settings = read([], toml, tmp_path)
    assert settings == Sample(image=Path("a.img"), hosts=("a", "b"), scaling="integer", secret="x")
    settings = read(["--hosts", "a, b", "--image", "b.img", "--no-mono"], LOCO_SAMPLE_MONO="yes")
    assert settings == Sample(image=Path("b.img"), hosts=("a", "b"))


def test_a_misspelt_key_is_answered_with_the_right_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"has no setting 'prt'; did you mean 'port'\?"):
        read([], "[sample]\nprt = 1", tmp_path)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "high"], "--port must be a whole number, not 'high'"),
        (["--port", "70000"], "--port must be at most 65535"),
        (["--volume", "-1"], "--volume must be at least 0"),
        (["--volume", "nan"], "--volume must be a number"),
        (["--scaling", "huge"], "--scaling must be one of smooth, integer, not 'huge'"),
    ],
)
def test_a_bad_flag_says_what_to_write(arguments: list[str], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        read(arguments)


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[sample", "is not valid TOML"),
        ("sample = 1", "must be a table"),
        ("[sample]\nport = true", "must be a whole number, not True"),
        ("[sample]\nport = 1.5", "must be a whole number, not 1.5"),
        ("[sample]\nmono = 'maybe'", "must be true or false"),
        ("[sample]\nhosts = 3", "must be a list of texts"),
        ("[sample]\nscaling = 3", "must be text in quotes"),
    ],
)
def test_a_bad_file_says_what_to_write(toml: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=words):
        read([], toml, tmp_path)


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(SettingsError, match=r"Cannot read the settings file /nowhere\.toml"):
        read(["--config", "/nowhere.toml"])


def test_an_environment_variable_is_named_in_its_error() -> None:
    with pytest.raises(SettingsError, match="LOCO_SAMPLE_PORT must be a whole number"):
        read([], LOCO_SAMPLE_PORT="x")


def test_what_is_no_flag_is_not_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read(["--help"])
    text = capsys.readouterr().out
    assert "--secret" not in text
    assert "--port" in text
    assert "LOCO_SAMPLE_SOME_NAME" in " ".join(text.split())


def test_a_table_of_its_own_is_read_with_its_name_in_errors() -> None:
    assert from_table(Sample, {"port": 5}, "[x]").port == 5
    with pytest.raises(SettingsError, match=r"'port' in \[x\] must be"):
        from_table(Sample, {"port": []}, "[x]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    wait_s: float = setting(0, "how long; 0: for ever", group="times")
    again: bool = setting(True, "whether again")
    file: str = setting("", "where to", metavar="FILE", group="files")


def test_the_help_has_headings_units_and_defaults_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        load(Grouped, "grouped", ["--help"], description="", environment={})
    text = capsys.readouterr().out
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert lines.index("times:") < lines.index("--wait-s SECONDS how long; 0: for ever") < lines.index("files:")
    assert "--file FILE where to" in lines
    assert "whether again (default: yes)" in " ".join(text.split())


def test_a_table_without_flags_takes_variables_before_the_file() -> None:
    tables = {"extra": {"port": 3, "scaling": "integer"}}
    loaded = load_section(Sample, "extra", tables, environment={"LOCO_EXTRA_PORT": "4"})
    assert (loaded.port, loaded.scaling) == (4, "integer")
    with pytest.raises(SettingsError, match=r"write \[extra\]"):
        load_section(Sample, "extra", {"extra": 1}, environment={})


def test_a_secret_is_in_no_representation_and_in_no_error() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Hidden:
        key: str = setting("", "A secret.", secret=True)

    assert "4711" not in repr(from_table(Hidden, {"key": "4711"}, "[hidden]"))
    with pytest.raises(SettingsError) as caught:
        from_table(Hidden, {"key": 4711}, "[hidden]")
    assert "4711" not in str(caught.value)
