"""Starts children: with a small environment, ceilings and access rules of their own."""

import contextlib
import ctypes
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from modelservice import settings
from modelservice.children import launch
from modelservice.children.launch import Sandbox
from modelservice.common.tracing import FOR_CHILDREN
from modelservice.service.cgroups import Cgroups
from modelservice.service.processes import MARK, Child, Handle, marked
from modelservice.service.warming import WarmPool

log = logging.getLogger(__name__)

MODEL_KEY = "OPENAI_API_KEY"
KEYS = ("RASA_LICENSE", "RASA_PRO_LICENSE", MODEL_KEY)
# What a child may know of our environment. No secret of Studio is ever among it.
_PASSED_ON = (
    "PATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
    "RASA_ENVIRONMENT", *KEYS, *FOR_CHILDREN,
)  # fmt: skip
# What every program needs to read; `/proc` and `/sys` for the number of cores and of bytes.
# Not `/run` and `/opt`: mounted secrets and other programs' data are there.
SYSTEM_FOLDERS = ("/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc", "/proc", "/sys")
BARE_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_DEVICES = (*BARE_DEVICES, "/dev/shm")  # noqa: S108  of the child's own needs
_PACKAGE = Path(__file__).resolve().parent.parent
_LAUNCH = Path(launch.__file__).resolve()
_CALM_RUN = (sys.executable, "-m", "modelservice.calm", "run")
_PR_SET_CHILD_SUBREAPER = 36
# More processes and threads than this no training or assistant needs.
MAX_PROCESSES = 1024


@dataclass(frozen=True)
class Ceilings:
    """0 means none. `cpus` needs control groups; `cpu_seconds` is the whole life's sum."""

    memory_megabytes: int
    cpus: float
    cpu_seconds: int = 0
    nice: int = 0


@dataclass(frozen=True)
class Job:
    """What is to be started, in `folder` of its directory. Besides the directory it may use what
    is in `readable` and `writable`, and listen on `port`."""

    arguments: Sequence[str]
    directory: Path
    log_file: Path
    ceilings: Ceilings
    folder: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    readable: Sequence[Path] = ()
    writable: Sequence[Path] = ()
    port: int | None = None


class Launcher:
    """The one place where processes are started, but for actions (`service.actions`)."""

    def __init__(self, base: Path) -> None:
        self._base = base
        _link_package()
        self._cgroups = Cgroups.detect(base)
        self.landlock = launch.landlock_version() if settings.CONFINE_CHILDREN else 0
        # Of this service and of bots: a child must reach neither.
        self._closed_ports = [settings.BOT_PORTS, (settings.PORT, settings.PORT)]
        if settings.METRICS_PORT:
            self._closed_ports.append((settings.METRICS_PORT, settings.METRICS_PORT))
        if self.landlock < launch.NETWORK_SINCE:
            self._closed_ports = []
        self.warm = WarmPool(
            base / "warm",
            settings.WARM_CHILDREN,
            _variables(base / "warm", {}),
            self._closed_ports,
        )
        # Orphans of children become our children, so that they can be found and ended.
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    @property
    def containment(self) -> dict[str, Any]:
        """How children are held here; for the health document."""
        groups = self._cgroups.ceilings if self._cgroups else []
        return {
            "ceilings": [*(f"cgroup {name}" for name in groups), "rlimit"],
            "groups": self._cgroups is not None,
            "landlock": f"landlock {self.landlock}" if self.landlock else "none",
            "network": "landlock" if self._closed_ports else "none",
        }

    def start(self, job: Job) -> Child:
        """Start a child in a session of its own, without a terminal, writing only to its log.

        :raises OSError: no process can be had, or not with these ceilings
        """
        _link_package()
        (job.directory / "tmp").mkdir(exist_ok=True)
        variables = _variables(job.directory, job.variables)
        sandbox = self._sandbox(job)
        popen = None
        if tuple(job.arguments[:4]) == _CALM_RUN:
            popen = self.warm.order(
                job.arguments[3:], job.directory, job.log_file, variables, sandbox
            )
        if popen is None:
            popen = _spawn(job, variables, sandbox)
        return Child(job.directory, Handle.of(popen.pid), popen)

    def forget(self, child: Child) -> None:
        """Of a child that has ended nothing may go on."""
        child.end_remains()
        if self._cgroups is not None:
            self._cgroups.end(_group_name(self._base, child.directory))

    def close(self) -> None:
        """At the orderly end, when no child is left."""
        self.warm.end()
        if self._cgroups is not None:
            self._cgroups.close()

    def sweep(self, living: Iterable[Child]) -> None:
        """End what an earlier life of this service has left, but for those that it goes on with."""
        going_on = [child for child in living if child.alive]
        spared = {str(child.directory) for child in going_on}
        # One that was warm has kept the mark of its waiting.
        pids = {child.handle.pid for child in going_on}
        for process in marked(str(self._base)):
            with contextlib.suppress(psutil.Error):
                if process.pid not in pids and process.environ()[MARK] not in spared:
                    log.warning("process %s of an earlier life is ended", process.pid)
                    process.kill()
        if self._cgroups is not None:
            names = {_group_name(self._base, Path(each)) for each in spared}
            for name in set(self._cgroups.names()) - names:
                self._cgroups.end(name)

    def reap(self, known: Iterable[Child]) -> None:
        """End orphans without the mark in their environment; collect exit codes of dead ones."""
        pids = {child.handle.pid for child in known} | self.warm.pids
        for process in psutil.Process().children():
            if process.pid in pids:
                continue
            with contextlib.suppress(psutil.Error, OSError):
                if process.status() == psutil.STATUS_ZOMBIE:
                    os.waitpid(process.pid, os.WNOHANG)
                elif not process.environ().get(MARK, "").startswith(f"{self._base}/"):
                    process.kill()

    def _sandbox(self, job: Job) -> Sandbox:
        ceilings = job.ceilings
        group = None
        memory = ceilings.memory_megabytes * 1024 * 1024
        if self._cgroups is not None:
            group = self._cgroups.make(
                _group_name(self._base, job.directory),
                memory_bytes=memory,
                cpus=ceilings.cpus,
                processes=MAX_PROCESSES,
            )
        read, write = self._paths(job) if self.landlock else (None, None)
        return Sandbox(
            memory_bytes=memory,
            cpu_seconds=ceilings.cpu_seconds,
            file_bytes=settings.CHILD_FILE_MB * 1024 * 1024,
            nice=ceilings.nice,
            cgroup=str(group) if group else None,
            read=read,
            write=write,
            listen=[] if job.port is None else [job.port],
            closed_ports=self._closed_ports or None,
        )

    @staticmethod
    def _paths(job: Job) -> tuple[list[str], list[str]]:
        own = (_PACKAGE, settings.CODE_DIRECTORY)
        pythons = {sys.prefix, sys.base_prefix, str(Path(sys.executable).resolve().parent.parent)}
        read = {*SYSTEM_FOLDERS, *pythons, *map(str, own), *map(str, job.readable)}
        write = {*_DEVICES, str(job.directory), *map(str, job.writable)}
        return sorted(read), sorted(write)


def _link_package() -> None:
    link = settings.CODE_DIRECTORY / _PACKAGE.name
    if link.is_symlink() and link.readlink() == _PACKAGE:
        return
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(_PACKAGE)


def _spawn(job: Job, variables: dict[str, str], sandbox: Sandbox) -> subprocess.Popen[bytes]:
    launcher = [sys.executable, "-I", "-S", str(_LAUNCH), json.dumps(sandbox)]
    with job.log_file.open("ab") as output:
        return subprocess.Popen(
            [*launcher, *job.arguments],
            cwd=job.directory / job.folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            close_fds=True,
        )


def passed_on() -> dict[str, str]:
    """What every child sees of our own environment."""
    names = {*_PASSED_ON, *settings.CHILD_VARIABLES}
    return {name: os.environ[name] for name in sorted(names) if name in os.environ}


def _variables(directory: Path, further: dict[str, str]) -> dict[str, str]:
    """The environment of a child, from an allow-list."""
    return {
        **passed_on(),
        "HOME": str(directory),
        "TMPDIR": str(directory / "tmp"),
        "PYTHONUNBUFFERED": "1",
        "PYTHONIOENCODING": "utf-8",
        MARK: str(directory),
        **further,
    }


def _group_name(base: Path, directory: Path) -> str:
    return str(directory.relative_to(base)).replace("/", "-")
