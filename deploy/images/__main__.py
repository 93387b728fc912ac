"""`python -m deploy.images [ROLE…]`: builds the images, and prints how large they are.

`BASE` names the Debian image that they are built in, pinned by digest; without it Debian's packages
make one. `TAG` (latest) and `REPOSITORY` (localhost) are what they are called.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.images import engine
from deploy.images.engine import HERE, ROOT, CannotBuild, run, say

# The folder of each, in the order in which they need each other.
IMAGES = {
    "python": "studio-python",
    "backend": "studio-backend",
    "migration": "studio-database-migration",
    "ingestion": "studio-event-ingestion",
    "modelservice": "studio-model-service",
    "web": "studio-web-client",
}
REPOSITORY = os.environ.get("REPOSITORY", "localhost")
TAG = os.environ.get("TAG", "latest")
_BUILD = f"{REPOSITORY}/studio-build"


def name_of(role: str) -> str:
    return f"{REPOSITORY}/{IMAGES[role]}:{TAG}"


def version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


class Builder:
    def __init__(self, program: str, reach: Path) -> None:
        """`reach`: a folder with what is needed to reach the index of packages."""
        self.program = program
        self._reach = reach

    def build_base(self, base: str) -> None:
        if base:
            self._build("base", _BUILD, {"BASE": base})
            return
        wanted = f"{_BUILD}:{_fingerprint()}"
        if not self._has(wanted):
            self._import(wanted)
        self._call("tag", wanted, _BUILD)

    def _import(self, name: str) -> None:
        say("Making the base from Debian's packages …")
        engine.install("mmdebstrap", "mmdebstrap")
        with tempfile.TemporaryDirectory() as folder:
            archive = Path(folder) / "base.tar"
            run([str(HERE / "base/make-base"), str(archive)], dict(os.environ))
            if self.program == "buildah":
                container = self._call("from", "scratch").strip()
                self._call("add", "--quiet", container, str(archive), "/")
                self._call("commit", "--quiet", "--rm", container, name)
            else:
                self._call("import", str(archive), name)

    def build(self, role: str) -> None:
        say(f"Building {IMAGES[role]} …")
        arguments = {"VERSION": version(), "BUILD": _BUILD, "PYTHON": name_of("python")}
        if role in {"migration", "ingestion"}:
            arguments["BACKEND"] = name_of("backend")
        self._build(role, name_of(role), arguments)

    def _build(self, role: str, name: str, arguments: dict[str, str]) -> None:
        own = ["build"]
        if self.program != "docker":
            # Healthchecks are of Docker's format. What is mounted is in no layer.
            own = ["bud"] if self.program == "buildah" else ["build"]
            own += ["--layers", "--format", "docker", "--isolation", "chroot", "--quiet"]
            own += ["--volume", f"{self._reach}:/run/build:ro"]
        containerfile = HERE / role / "Containerfile"
        known = containerfile.read_text(encoding="utf-8")
        given = [
            part
            for key, value in arguments.items()
            if f"ARG {key}" in known
            for part in ("--build-arg", f"{key}={value}")
        ]
        self._call(*own, "--network", "host", *given, "-t", name, "-f", str(containerfile), ".")

    def size(self, role: str) -> int:
        """In millions of bytes, as the engine says."""
        told = self._call("images", "--format", "{{.Size}}", name_of(role)).split("\n")[0]
        number, unit = re.fullmatch(r"([\d.]+) ?([kMG]?B)", told.strip()).groups()  # type: ignore[union-attr]  # each engine writes it so
        return round(float(number) * {"B": 0, "kB": 0.001, "MB": 1, "GB": 1000}[unit])

    def _has(self, name: str) -> bool:
        return bool(self._call("images", "--quiet", "--filter", f"reference={name}").strip())

    def _call(self, *arguments: str) -> str:
        return run([self.program, *arguments])


def _fingerprint() -> str:
    """Another list of packages is another base."""
    parts = [(HERE / "base" / name).read_bytes() for name in ("make-base", "packages")]
    return hashlib.sha256(b"".join(parts)).hexdigest()[:12]


@contextmanager
def reach() -> Iterator[Path]:
    """How this machine reaches its index of packages: pip's settings, and its authorities."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pip = [sys.executable, "-m", "pip", "config", "list"]
        listed = subprocess.run(pip, capture_output=True, text=True, check=False).stdout
        found = dict(re.findall(r"\.((?:extra-)?index-url)='(.*)'", listed))
        found |= {
            name: value
            for name in ("index-url", "extra-index-url")
            if (value := os.environ.get(f"PIP_{name.replace('-', '_').upper()}"))
        }
        lines = [f"{key} = {value}" for key, value in found.items()]
        (folder / "pip.conf").write_text("\n".join(["[global]", *lines, ""]), encoding="utf-8")
        if index := found.get("index-url"):
            more = found.get("extra-index-url", "").split()
            text = f"index-url = {json.dumps(index)}\nextra-index-url = {json.dumps(more)}\n"
            (folder / "uv.toml").write_text(text, encoding="utf-8")
        authorities = Path(os.environ.get("SSL_CERT_FILE") or "/etc/ssl/certs/ca-certificates.crt")
        if authorities.is_file():
            (folder / "ca.pem").write_bytes(authorities.read_bytes())
        yield folder


def main(roles: list[str]) -> int:
    if unknown := [role for role in roles if role not in IMAGES]:
        say(f"There is no image {unknown[0]!r}. There are: {', '.join(IMAGES)}.")
        return 2
    wanted = roles or list(IMAGES)
    started = time.monotonic()
    try:
        with reach() as folder:
            builder = Builder(engine.find(), folder)
            builder.build_base(os.environ.get("BASE", ""))
            for role in wanted:
                builder.build(role)
            sizes = {role: builder.size(role) for role in wanted if role != "python"}
    except CannotBuild as problem:
        say(str(problem))
        return 1
    for role, size in sizes.items():
        print(f"{name_of(role):<48} {size:>5} MB")
    say(f"Built with {builder.program} in {time.monotonic() - started:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
