from pathlib import Path

import pytest

from backend.lan.app import main
from tests.backend.lan.programs import run


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--guests", "1"], "'guests' needs 'directory'"),
        (["--rooms", "yard"], "NAME=MEMBERS"),
        (["--listen", "nowhere"], "'listen' must be"),
        (["--links", "lan=host:1"], "'certificate'"),
        (["--dial", "instance-0=/a,instance-0=/b"], "twice"),
        (["port", "--switch", "nowhere", "--instance", "instance-0"], "'switch' must be"),
        (["port", "--instance", "nobody"], "'instance' must end"),
    ],
)
def test_wrong_settings_end_it_with_words(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert words in capsys.readouterr().err


def test_a_socket_that_cannot_be_made_ends_it_with_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--guests", "1", "--directory", str(tmp_path / "missing")]) == 1
    assert "Its directory must be there" in capsys.readouterr().err


async def test_a_capture_without_a_switch_ends_with_words(tmp_path: Path) -> None:
    process = await run("capture", "--http", str(tmp_path / "none.sock"))
    _, errors = await process.communicate()
    assert process.returncode == 1
    assert b"does not answer" in errors


@pytest.mark.parametrize("words", [["--help"], ["port", "--help"], ["capture", "--help"]])
def test_help_names_the_program_as_it_is_called(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(words)
    assert " ".join(["usage: loco-lan", *words[:-1], "[options]"]) in capsys.readouterr().out
