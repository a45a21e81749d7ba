#!/usr/bin/env python3
"""Builds the images of Loco Kiosk with podman: backend, emulator and streamer, or those that are named.

    packaging/containers/build.py                          on debian:trixie-slim from your registry
    packaging/containers/build.py --base debootstrap       without a registry, as root: a base from Debian's packages
    packaging/containers/build.py --base NAME@sha256:...   on a base that you pinned
    packaging/containers/build.py --registry registry.example --push

The image NAME becomes REGISTRY/loco-kiosk/NAME:VERSION, which is what the chart looks for with global.imageRegistry.
What your pip is told in its files and variables (index, certificate, proxy) holds in the builds too, and stays out of
the images.
"""

import argparse
import configparser
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
IMAGES = ("backend", "emulator", "streamer")
SUITE = "trixie"
BASE = f"debian:{SUITE}-slim"
OWN_BASE = f"localhost/loco-kiosk/base:{SUITE}"
PIP_OPTIONS = ("index-url", "extra-index-url", "trusted-host", "proxy", "timeout", "retries")
PIP_FILES = (Path("/etc/pip.conf"), Path.home() / ".pip" / "pip.conf", Path.home() / ".config" / "pip" / "pip.conf")
KEPT_VARIABLES = ("PATH", "HOME", "TMPDIR", "XDG_RUNTIME_DIR", "CONTAINERS_CONF", "CONTAINERS_STORAGE_CONF")
# As the slim images of Debian have it: what programs in a container never read.
SLIM = """path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
path-exclude /usr/share/info/*
path-exclude /usr/share/locale/*
path-exclude /usr/share/man/*
"""


class BuildError(Exception):
    """An image cannot be built; the text says why and what to do."""


def main(arguments: Sequence[str]) -> int:
    """Build what is asked for; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("images", nargs="*", metavar="IMAGE", help=f"{', '.join(IMAGES)}; without: all")
    parser.add_argument("--base", default=BASE, help=f"base image, or debootstrap to make one (default: {BASE})")
    parser.add_argument("--registry", default="localhost", help="first part of the names (default: localhost)")
    parser.add_argument("--tag", default=version(), help="last part of the names (default: the version)")
    parser.add_argument("--push", action="store_true", help="push them when all are built")
    known = parser.parse_args(arguments)
    try:
        if unknown := set(known.images) - set(IMAGES):
            raise BuildError(f"There is no image {', '.join(sorted(unknown))}: there are {', '.join(IMAGES)}.")
        base = make_base() if known.base == "debootstrap" else known.base
        names = [build(image, base, known.registry, known.tag) for image in known.images or IMAGES]
        for name in names if known.push else ():
            run("push", name)
    except BuildError as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 1
    return 0


def build(image: str, base: str, registry: str, tag: str) -> str:
    """Build one image and print its size; returns its name."""
    name = f"{registry}/loco-kiosk/{image}:{tag}"
    options = ["--target", image, "--tag", name, "--build-arg", f"BASE={base}"]
    for key, value in (("version", version()), ("revision", revision()), ("base.name", base)):
        options += ["--label", f"org.opencontainers.image.{key}={value}"] if value else []
    # The chroot isolation needs neither a runtime nor cgroups, so that it works inside of most other containers.
    options += ["--isolation", "chroot", "--network", "host", "--format", "docker"]
    options += ["--file", str(HERE / "Containerfile"), "--ignorefile", str(HERE / "Containerfile.dockerignore")]
    print(f"Building {name} ...", flush=True)
    with pip_secrets() as secrets:
        run("build", "--quiet", *options, *secrets, str(ROOT))
    size = json.loads(run("image", "inspect", name))[0]["Size"]
    print(f"{name}: {size / 1e6:.0f} MB")
    return name


def make_base() -> str:
    """A slim Debian from its packages, by debootstrap; returns the image's name."""
    for program in ("debootstrap", "tar"):
        if shutil.which(program) is None:
            raise BuildError(f"The program {program} is missing: install its package, or name a --base.")
    if os.geteuid() != 0:
        raise BuildError("debootstrap needs root: run this with sudo, or name a --base.")
    print(f"Making {OWN_BASE} with debootstrap ...", flush=True)
    with tempfile.TemporaryDirectory(prefix="loco-base-", dir="/var/tmp") as directory:
        root = Path(directory) / "root"
        log = Path(directory) / "log"
        with log.open("w") as said:
            command = ["debootstrap", "--variant=minbase", SUITE, str(root)]
            made = subprocess.run(command, stdout=said, stderr=said, stdin=subprocess.DEVNULL, check=False)
        if made.returncode:
            raise BuildError(f"debootstrap failed:\n{log.read_text()[-2000:]}")
        slim_down(root)
        archive = Path(directory) / "base.tar"
        subprocess.run(["tar", "--one-file-system", "-C", root, "-cf", archive, "."], check=True)
        run("import", "--quiet", str(archive), OWN_BASE)
    return OWN_BASE


def slim_down(root: Path) -> None:
    """Remove what a container never reads, and keep later packages from bringing it."""
    (root / "etc/dpkg/dpkg.cfg.d/slim").write_text(SLIM)
    unread = [path for path in root.glob("usr/share/doc/*/*") if path.name != "copyright"]
    for pattern in (
        "usr/share/info",
        "usr/share/locale",
        "usr/share/man",
        "var/cache/apt",
        "var/lib/apt/lists",
        "var/log",
    ):
        unread += root.glob(f"{pattern}/*")
    for path in unread:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            # A directory of manuals may be a link to another.
            path.unlink(missing_ok=True)
    (root / "var/log/apt").mkdir(exist_ok=True)
    (root / "var/cache/apt/archives/partial").mkdir(parents=True)
    (root / "var/lib/apt/lists/partial").mkdir(parents=True)


@contextlib.contextmanager
def pip_secrets() -> Iterator[list[str]]:
    """Options that show the settings of this machine's pip to the builds, as files that no image keeps."""
    settings = pip_settings()
    certificate = settings.pop("cert", "")
    with tempfile.TemporaryDirectory(prefix="loco-pip-") as directory:
        file = Path(directory) / "pip.conf"
        lines = ["[global]", *(f"{name} = {value}" for name, value in settings.items())]
        options = ["--secret", f"id=pip.conf,src={file}"]
        if certificate and Path(certificate).is_file():
            lines.append("cert = /etc/pip.crt")
            options += ["--secret", f"id=ca.crt,src={certificate}"]
        file.write_text("\n".join(lines) + "\n")
        yield options


def pip_settings() -> dict[str, str]:
    """What pip's files say, and its variables over them."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(PIP_FILES)
    found = dict(parser["global"]) if parser.has_section("global") else {}
    for option in (*PIP_OPTIONS, "cert"):
        variable = f"PIP_{option.upper().replace('-', '_')}"
        if variable in os.environ:
            found[option] = os.environ[variable]
    known = {name: _elsewhere(value) for name, value in found.items() if name in (*PIP_OPTIONS, "cert")}
    return {name: value for name, value in known.items() if value}


def _elsewhere(value: str) -> str:
    """Without directories of this machine, which the build does not see."""
    return " ".join(word for word in value.split() if not word.startswith("file:"))


def run(*command: str) -> str:
    """Run podman; returns what it prints.

    A chroot isolated build would see all variables of this process: it gets those that podman itself needs.
    """
    if shutil.which("podman") is None:
        raise BuildError("podman is missing: install the packages podman and buildah.")
    proxies = [name for name in os.environ if name.lower() in ("http_proxy", "https_proxy", "no_proxy")]
    variables = {name: os.environ[name] for name in (*KEPT_VARIABLES, *proxies) if name in os.environ}
    result = subprocess.run(["podman", *command], env=variables, capture_output=True, text=True, check=False)
    if result.returncode:
        raise BuildError(f"'podman {command[0]}' failed with status {result.returncode}:\n{result.stderr[-4000:]}")
    return result.stdout


def version() -> str:
    """The project's."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


def revision() -> str:
    """The commit, where this is a checkout."""
    command = ["git", "-C", str(ROOT), "rev-parse", "HEAD"]
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
