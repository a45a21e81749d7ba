"""The SPIR-V in the tree is what the text beside it compiles to."""

import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from vr.graphics.shader_files import compiled, source
from vr.graphics.surfaces import COLUMNS

MAGIC = 0x07230203
COMPILER = "glslangValidator"
HEADER = 5
"""Words: magic, version of the format, compiler, bound of the identifiers, schema."""
REMARKS = {3, 4, 5, 6, 7}
"""OpSource, OpSourceExtension, OpName, OpMemberName, OpString: not every version of the compiler leaves them out."""

ANNOTATIONS = {71, 72}
"""OpDecorate, OpMemberDecorate: they come before all code, in any order."""


def words(code: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(code) // 4}I", code))


def instructions(code: bytes) -> list[list[int]]:
    """What the code does, instruction by instruction; annotations last, since they have no order."""
    rest, found = words(code)[HEADER:], []
    while rest:
        count, kind = rest[0] >> 16, rest[0] & 0xFFFF
        if kind not in REMARKS:
            found.append(rest[:count])
        rest = rest[count:]
    return sorted(found, key=lambda words: words if words[0] & 0xFFFF in ANNOTATIONS else [])


@pytest.mark.parametrize("stage", ["vert", "frag"])
def test_both_forms_are_there(stage: str) -> None:
    assert words(compiled(stage))[0] == MAGIC
    assert source(stage).startswith(b"#version 330 core\n")


def test_the_program_draws_as_many_columns_as_the_shader_makes() -> None:
    assert f"const float COLUMNS = {COLUMNS}.0;".encode() in source("vert")


@pytest.mark.skipif(not shutil.which(COMPILER), reason="needs the package glslang-tools")
@pytest.mark.parametrize("stage", ["vert", "frag"])
def test_the_compiled_form_belongs_to_the_text(stage: str, tmp_path: Path) -> None:
    text, code = tmp_path / f"screen.{stage}", tmp_path / "code"
    text.write_bytes(source(stage))
    options = ["-V", "-g0", "--target-env", "vulkan1.0"]
    subprocess.run([COMPILER, *options, "-o", str(code), str(text)], check=True, capture_output=True)
    assert instructions(code.read_bytes()) == instructions(compiled(stage))
