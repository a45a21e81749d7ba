"""Rules of the repository that no linter knows."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("backend", "loco_kiosk", "packaging", "helm", "vr")
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60


def tracked(*suffixes: str) -> list[Path]:
    """Files that git tracks or would add, so that the rules hold before a commit too."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return [ROOT / name for name in names if name.endswith(suffixes) and (ROOT / name).is_file()]


def modules() -> list[Path]:
    return [path for path in tracked(".py") if path.relative_to(ROOT).parts[0] in PRODUCT]


def test_import_contracts_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_packaging_holds_no_python_package() -> None:
    """A package of that name would shadow the library ``packaging``."""
    assert not list((ROOT / "packaging").rglob("__init__.py"))


@pytest.mark.parametrize(
    "package", ["backend.app", "backend.lan.app", "backend.streamer.app", "loco_kiosk.client.wall"]
)
def test_a_headless_module_loads_no_qt(package: str) -> None:
    program = f"import sys, {package}; sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


def test_nothing_is_raised_inside_a_star_handler() -> None:
    """Up to Python 3.11.3, which Debian 12 has, it comes wrapped in one more group, and nobody catches that."""
    found = [
        f"{path.relative_to(ROOT)}:{inner.lineno}"
        for path in tracked(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.TryStar)
        for handler in node.handlers
        for inner in ast.walk(handler)
        if isinstance(inner, ast.Raise)
    ]
    assert not found


def test_no_file_and_no_function_outgrows_its_bound() -> None:
    too_long = []
    for path in [*modules(), ROOT / "loco"]:
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > MAX_FILE_LINES:
            too_long.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MAX_FUNCTION_LINES:
                    too_long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {length} lines")
    assert not too_long


def test_qml_files_stay_small() -> None:
    long = [path.name for path in tracked(".qml") if path.read_text(encoding="utf-8").count("\n") > 150]
    assert not long


def test_every_module_has_a_twin_test() -> None:
    names = {path.name for path in tracked(".py") if path.relative_to(ROOT).parts[0] == "tests"}
    lonely = []
    for path in modules():
        without_code = path.name in ("__init__.py", "__main__.py", "errors.py", "routes.py")
        if not without_code and f"test_{path.name}" not in names:
            lonely.append(str(path.relative_to(ROOT)))
    assert not lonely


def test_every_module_has_a_docstring() -> None:
    bare = [str(path) for path in modules() if ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is None]
    assert not bare


def test_the_text_speaks_of_the_product_alone() -> None:
    private = re.compile(r"(?<![\w./])/(?:work|farm|tmp/plan)/|\.\./shared|https?://\S*(?:pypi|npmjs|deb\.debian)\S*")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked(".py", ".md", ".toml", ".qml", ".asm", ".inc", "loco", "run")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if path != Path(__file__) and private.search(line)
    ]
    assert not found


def test_property_tests_have_no_time_limit() -> None:
    assert settings().deadline is None
    assert HealthCheck.too_slow in settings().suppress_health_check


def test_the_documents_are_there() -> None:
    for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"):
        assert (ROOT / name).is_file(), name
