#!/usr/bin/env python3
"""Builds the demo guest: assembles guest.asm with nasm into a disk image that QEMU boots as an IDE hard disk.

python3 packaging/guest/build.py [--output FILE]
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parent
DEFAULT_OUTPUT = SOURCE.parent.parent / "backend" / "local" / "demo-guest.img"
IMAGE_BYTES = 1 << 20
"""Size of the image: whole sectors and, for `qemu-img`, whole clusters. The program fills but its beginning."""
SECTOR_BYTES = 512


class BuildError(Exception):
    """The image cannot be made; the text says why and what to do."""


def build(output: Path) -> int:
    """Write the image to `output`, replacing an older one in one step; returns the program's size in bytes.

    Raises BuildError when nasm is missing or finds a mistake, or when the file cannot be written.
    """
    nasm = shutil.which("nasm")
    if nasm is None:
        raise BuildError("nasm is missing. Install it, for instance with: sudo apt-get install nasm")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=output.parent, prefix=".demo-guest-") as directory:
            draft = Path(directory) / output.name
            assemble(nasm, draft)
            program = draft.read_bytes()
            check(program)
            draft.write_bytes(program.ljust(IMAGE_BYTES, b"\0"))
            draft.replace(output)
    except OSError as error:
        raise BuildError(f"cannot write {output}: {error.strerror}") from error
    return len(program)


def assemble(nasm: str, output: Path) -> None:
    """Run nasm; its warnings count as mistakes."""
    arguments = [nasm, "-f", "bin", "-Werror", "-I", f"{SOURCE}/", "-o", str(output), str(SOURCE / "guest.asm")]
    result = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise BuildError(f"nasm stopped:\n{result.stderr.strip()}")


def check(program: bytes) -> None:
    """Make sure that a BIOS would boot it."""
    if len(program) <= SECTOR_BYTES or program[510:512] != b"\x55\xaa":
        raise BuildError("the assembled program has no boot sector: is guest.asm complete?")
    if len(program) > IMAGE_BYTES:
        raise BuildError(f"the program has {len(program)} bytes and does not fit into {IMAGE_BYTES}")


def main() -> int:
    """Build as the command line says; returns the exit code."""
    parser = argparse.ArgumentParser(description="Builds the bootable demo guest of Loco Kiosk with nasm.")
    parser.add_argument("--output", type=Path, default=DEFAULT_OUTPUT, help="image to write (default: %(default)s)")
    output: Path = parser.parse_args().output
    try:
        program_bytes = build(output)
    except BuildError as error:
        print(f"demo guest: {error}", file=sys.stderr)
        return 1
    print(f"demo guest: {output}, {program_bytes} bytes of program in an image of {IMAGE_BYTES >> 10} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
