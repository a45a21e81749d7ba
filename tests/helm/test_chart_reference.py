"""packaging/chart_reference.py, and that what it writes is what git holds."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from tests.helm.rendering import CHART

SCRIPT = Path(__file__).parents[2] / "packaging" / "chart_reference.py"


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    specification = importlib.util.spec_from_file_location("chart_reference", SCRIPT)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def copy(reference: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A chart that the script may write to."""
    for name in ("values.yaml", "values.schema.json", "README.md"):
        (tmp_path / name).write_bytes((CHART / name).read_bytes())
    monkeypatch.setattr(reference, "CHART", tmp_path)
    monkeypatch.setattr(reference, "ROOT", tmp_path)
    return tmp_path


def run(reference: ModuleType, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["chart_reference.py", *arguments])
    status: int = reference.main()
    return status


def test_the_readme_and_the_schema_are_up_to_date(
    reference: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(reference, monkeypatch, "--check") == 0, capsys.readouterr().out


def test_a_changed_value_is_found_and_written(
    reference: ModuleType, copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (copy / "values.yaml").read_text(encoding="utf-8")
    (copy / "values.yaml").write_text(text + "\n# What for.\nnovelty: 7\n", encoding="utf-8")
    assert run(reference, monkeypatch, "--check") == 1
    assert "README.md is out of date" in capsys.readouterr().out
    assert run(reference, monkeypatch) == 0
    assert "| `novelty` | `7` | What for. |" in (copy / "README.md").read_text(encoding="utf-8")
    assert run(reference, monkeypatch, "--check") == 0


def test_a_setting_that_the_program_lost_is_found(
    reference: ModuleType, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = json.loads((copy / "values.schema.json").read_text(encoding="utf-8"))
    schema["definitions"]["guestSettings"]["properties"]["turbo"] = {"type": "boolean"}
    (copy / "values.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    assert run(reference, monkeypatch, "--check") == 1


def test_every_value_says_what_it_is_for(reference: ModuleType) -> None:
    values = reference.documented_values((CHART / "values.yaml").read_text(encoding="utf-8"))
    assert not [path for path, _default, words in values if len(words) < 5 or not words.endswith(".")]


def test_no_value_names_a_secret(reference: ModuleType) -> None:
    names = {field.name for table in reference.TABLES for field in reference.settings_of(table)}
    assert not names & {"ice_credential", "secret"}
