import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.containers.conftest import ROOT, load

assemble = load("assemble")


@pytest.fixture
def site_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    directory = tmp_path / "lib" / "python3.13" / "site-packages"
    directory.mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    monkeypatch.setattr(assemble, "ENVIRONMENT", tmp_path)
    monkeypatch.setattr(assemble, "SOURCE", ROOT / "backend")
    return directory


def test_a_program_gets_its_parts_compiled_and_a_command(site_packages: Path, tmp_path: Path) -> None:
    assemble.program("backend.contract.version", "loco-version", "contract", "local/errors.py")
    package = site_packages / "backend"
    assert sorted(path.name for path in package.iterdir() if path.name != "__pycache__") == [
        "__init__.py",
        "contract",
        "local",
    ]
    assert list((package / "contract" / "__pycache__").glob("routes.*.pyc"))
    command = tmp_path / "bin" / "loco-version"
    assert command.stat().st_mode & 0o111 == 0o111
    assert "from backend.contract.version import main" in command.read_text()


def test_what_does_not_compile_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def:\n")
    with pytest.raises(SystemExit):
        assemble.byte_compile(tmp_path)


def test_the_compiled_form_is_found_whatever_the_time_of_the_file(tmp_path: Path) -> None:
    module = tmp_path / "words.py"
    module.write_text("said = 1\n")
    assemble.byte_compile(tmp_path)
    module.write_text("said = 2\n")
    program = [sys.executable, "-c", "import words; print(words.said)"]
    assert subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=True).stdout == "1\n"
