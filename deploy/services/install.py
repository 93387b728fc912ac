"""Gets the programs that are not here yet: Debian's packages as they are, all else by checksum.

Downloads are kept in `.cache` (or `STUDIO_CACHE_DIR`), so a second start needs no network.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CACHE = Path(os.environ.get("STUDIO_CACHE_DIR") or ROOT / ".cache").resolve()
_LOCKS = ROOT / "deploy" / "requirements" / "maven"


class CannotInstall(Exception):
    """What is missing, and what a person can do about it."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def alone(name: str) -> Iterator[None]:
    """One process at a time prepares a program."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def debian(package: str, program: str) -> str:
    """The path of `program`, from Debian's package where the machine has none."""
    found = _program(program)
    if found is None:
        with alone("debian"):
            found = _program(program) or _from_debian(package, program)
    return found


def _program(program: str) -> str | None:
    """On PATH, or among PostgreSQL's programs, which Debian keeps apart by version."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=_version_of)
    return str(kept[-1]) if kept else shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")


def _version_of(program: Path) -> int:
    return int(program.parent.parent.name)


def _from_debian(package: str, program: str) -> str:
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise CannotInstall(f"{program} is needed: install the package {package}.")
    say(f"Installing Debian's package {package} …")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", package]):
        run(["apt-get", *arguments], env=quiet)
    found = _program(program)
    if found is None:
        raise CannotInstall(f"The package {package} has no {program}.")
    return found


def maven(name: str, *goal: str) -> Path:
    """A directory with what Maven's `goal` brings for the lock `<name>.sha256`, checked by it."""
    lock = _LOCKS / f"{name}.sha256"
    wanted = CACHE / f"{name}-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    if wanted.is_dir():
        return wanted
    with alone(name):
        if not wanted.is_dir():
            client = debian("maven", "mvn")
            say(f"Fetching {name}, once …")
            fresh = CACHE / f"{name}.new"
            shutil.rmtree(fresh, ignore_errors=True)
            run(
                [client, "-q", "-B", "-C", *goal, f"-DoutputDirectory={fresh}"],
                cwd=_LOCKS,
            )
            _check(fresh, lock)
            fresh.rename(wanted)
    return wanted


def _check(directory: Path, lock: Path) -> None:
    """Exactly the files of the lock, byte for byte."""
    lines = (line.split() for line in lock.read_text().splitlines())
    wanted = {name: digest for digest, name in lines}
    found = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in directory.iterdir()
    }
    wrong = sorted(name for name in wanted | found if wanted.get(name) != found.get(name))
    if wrong:
        raise CannotInstall(f"{wrong[0]} is not what {lock.name} says. Nothing of it was used.")


def run(command: list[str], cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
    """A step of an installation; what it said is told when it fails."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        told = (done.stdout + done.stderr).strip()[-2000:]
        raise CannotInstall(f"`{' '.join(command[:4])} …` failed:\n{told}")


def java() -> str:
    found = shutil.which("java")
    if found is None:
        raise CannotInstall(
            "A JDK (17 or newer) is needed: install the package default-jdk-headless."
        )
    return found
