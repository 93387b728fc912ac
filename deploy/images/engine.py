"""Docker, Podman or Buildah: whichever is there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = Path(__file__).resolve().parent
_CAP_SYS_RESOURCE = 24
_PACKAGES = ("podman", "buildah", "runc", "netavark", "aardvark-dns")


class CannotBuild(Exception):
    """What is missing, and what a person can do about it."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def environment() -> dict[str, str]:
    """Podman and Buildah raise limits at each start, which not every machine allows."""
    if "CONTAINERS_CONF" in os.environ or _may_raise_limits():
        return dict(os.environ)
    return {**os.environ, "CONTAINERS_CONF": str(HERE / "containers.conf")}


def _may_raise_limits() -> bool:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"CapEff:\s*(\w+)", status)
    return found is not None and bool(int(found.group(1), 16) >> _CAP_SYS_RESOURCE & 1)


def find() -> str:
    """The engine to build with; on Debian, for root, Podman and Buildah are installed."""
    for name in ("docker", "podman", "buildah"):
        if _answers(name):
            return "buildah" if name == "podman" and _answers("buildah") else name
    install("buildah", *_PACKAGES)
    return "buildah"


def _answers(name: str) -> bool:
    if shutil.which(name) is None:
        return False
    done = subprocess.run([name, "info"], env=environment(), capture_output=True, check=False)
    return done.returncode == 0


def install(program: str, *packages: str) -> None:
    if shutil.which(program) is not None:
        return
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise CannotBuild(f"{program} is needed: install the package {packages[0]}.")
    say(f"Installing Debian's packages {', '.join(packages)} …")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    wait = ("-o", "DPkg::Lock::Timeout=300")
    run(["apt-get", *wait, "update", "-qq"], quiet)
    run(["apt-get", *wait, "install", "-y", "-qq", "--no-install-recommends", *packages], quiet)


def run(command: list[str], env: dict[str, str] | None = None) -> str:
    """:raises CannotBuild: with the end of what a failed command said."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=env or environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        told = (done.stdout + done.stderr).strip()[-3000:]
        raise CannotBuild(f"`{' '.join(command[:3])} …` failed:\n{told}")
    return done.stdout
