"""The guest's own disk: a qcow2 overlay on the image, which stays as it is, and what its snapshot was made with."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Sequence
from pathlib import Path

from backend.contract.errors import WireError
from backend.contract.reading import json_object, string
from backend.qemu.errors import ImageError
from backend.qemu.program import Program, find_helper
from backend.qemu.settings import GuestSettings

log = logging.getLogger(__name__)

QEMU_IMG_S = 30.0


class Overlay:
    """``overlay.qcow2`` and ``fingerprint.json`` in the state directory of one instance.

    The overlay belongs to one image: another image means a new overlay. The snapshot in it belongs to one QEMU with one
    command line as well.
    """

    def __init__(self, directory: Path, *, image: Path, image_format: str, machine: str) -> None:
        self._directory = directory
        self._image = image.absolute()
        self._format = image_format
        self._machine = machine
        self._file = directory / "fingerprint.json"
        self.path = directory / "overlay.qcow2"
        self.snapshot: str | None = None
        """Tag of the snapshot that can be started from."""

    async def prepare(self, *, keep_changes: bool) -> None:
        """Have the overlay there, and :attr:`snapshot` set.

        Args:
            keep_changes: what the guest wrote outlasts a change of settings; where the image changed, the old overlay
                is kept as ``overlay.qcow2.old``.

        Raises:
            ImageError: it cannot be made.
        """
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            image = self._image_identity()
        except OSError as error:
            raise ImageError(f"{error.filename} cannot be used: {error.strerror}.") from error
        known = self._read()
        if not self.path.exists() or known.get("image") != image:
            await self._create(keep_old=keep_changes)
        elif known.get("machine") == self._machine:
            self.snapshot = known.get("snapshot") or None
        elif known.get("snapshot"):
            log.info("QEMU or its settings changed: the snapshot of the guest is made again")
            if not keep_changes:
                await self._create(keep_old=False)
        self._write(image)

    async def _create(self, *, keep_old: bool) -> None:
        self.snapshot = None
        if self.path.exists():
            if keep_old:
                self.path.replace(self.path.with_name(self.path.name + ".old"))
                log.warning(
                    "the disk image changed: the guest starts with a fresh disk, the old one is %s.old", self.path
                )
            else:
                self.path.unlink()
        await _qemu_img("create", "-q", "-f", "qcow2", "-F", self._format, "-b", str(self._image), str(self.path))

    def saved(self, tag: str) -> None:
        """The snapshot ``tag`` is in the overlay now."""
        self.snapshot = tag
        self._write(self._image_identity())

    def discard(self) -> None:
        """The snapshot is of no use: forget it, and the overlay with it."""
        self.snapshot = None
        self.path.unlink(missing_ok=True)

    def _image_identity(self) -> str:
        status = self._image.stat()
        return f"{self._image}:{self._format}:{status.st_size}:{status.st_mtime_ns}"

    def _read(self) -> dict[str, str]:
        try:
            data = json_object(self._file.read_bytes(), "fingerprint.json")
            return {name: string(data, name, "") for name in ("image", "machine", "snapshot")}
        except (OSError, WireError):
            return {}

    def _write(self, image: str) -> None:
        temporary = self._file.with_suffix(".new")
        data = {"image": image, "machine": self._machine, "snapshot": self.snapshot or ""}
        try:
            temporary.write_text(json.dumps(data), encoding="utf-8")
            temporary.replace(self._file)
        except OSError as error:
            raise ImageError(f"{self._file} cannot be written: {error.strerror}.") from error


def fingerprint(program: Program, arguments: Sequence[str]) -> str:
    """Tells one QEMU with one command line from any other."""
    return hashlib.sha256("\0".join((program.identity, *arguments)).encode()).hexdigest()


def overlay_of(settings: GuestSettings, directory: Path, machine: str) -> Overlay | None:
    """The overlay for these settings; None for a guest without a disk."""
    disk = settings.disk
    if disk is None:
        return None
    return Overlay(directory, image=disk, image_format=settings.image_format, machine=machine)


async def _qemu_img(*arguments: str) -> None:
    """Run qemu-img.

    Raises:
        ImageError: it failed, with its own words.
    """
    program = find_helper("qemu-img", "qemu-utils")
    process = await asyncio.create_subprocess_exec(
        program, *arguments, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(QEMU_IMG_S):
            _, said = await process.communicate()
    except TimeoutError as error:
        raise ImageError(f"qemu-img took longer than {QEMU_IMG_S:.0f} s.") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise ImageError(f"The disk of the guest cannot be made: {said.decode(errors='replace').strip()[:500]}")
