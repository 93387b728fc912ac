"""Ceilings by control groups (version 2), where the system has given us a group of our own.

A group also ends everything that was ever started in it, however it hid: nothing else can.
"""

import contextlib
import hashlib
import logging
import os
from pathlib import Path

log = logging.getLogger(__name__)

_PERIOD_MICROSECONDS = 100_000
_WANTED = ("memory", "cpu", "pids")


class Cgroups:
    """One group for each child, below one for this working directory."""

    def __init__(self, own: Path, base: Path) -> None:
        """
        :raises OSError: we may not make groups in `own`
        """
        self._root = own / f"studio-{hashlib.sha256(os.fsencode(base)).hexdigest()[:12]}"
        self._root.mkdir(exist_ok=True)
        self._hand_on(own)

    @classmethod
    def detect(cls, base: Path) -> "Cgroups | None":
        own = _own_group()
        if own is None or not os.access(own, os.W_OK):
            return None
        try:
            return cls(own, base)
        except OSError as error:
            log.info("no control groups of our own: %s", error)
            return None

    def make(self, name: str, *, memory_bytes: int, cpus: float, processes: int) -> Path:
        """
        :raises OSError:
        """
        group = self._root / name
        group.mkdir(exist_ok=True)
        for file, value in (
            ("memory.max", str(memory_bytes) if memory_bytes else "max"),
            ("memory.oom.group", "1"),
            ("pids.max", str(processes) if processes else "max"),
            ("cpu.max", _share(cpus)),
        ):
            if (group / file).exists():
                (group / file).write_text(value)
        return group

    def end(self, name: str) -> None:
        """Kill all that is in a group; the group goes when it is empty."""
        group = self._root / name
        with contextlib.suppress(OSError):
            (group / "cgroup.kill").write_text("1")
        with contextlib.suppress(OSError):
            group.rmdir()

    @property
    def ceilings(self) -> list[str]:
        """What can be limited here; where it is nothing, groups still end what is in them."""
        return (self._root / "cgroup.controllers").read_text().split()

    def close(self) -> None:
        """At the orderly end, when no child is left."""
        for name in self.names():
            self.end(name)
        with contextlib.suppress(OSError):
            self._root.rmdir()

    def names(self) -> list[str]:
        return [group.name for group in self._root.iterdir() if group.is_dir()]

    def _hand_on(self, own: Path) -> None:
        """Let our groups have the controllers that we have. A group with processes in it cannot
        (but for the root), so we move aside; others that share it keep it as it is."""
        wanted = [name for name in _WANTED if name in (own / "cgroup.controllers").read_text()]
        if not wanted:
            return
        aside = own / "studio-service"
        with contextlib.suppress(OSError):
            aside.mkdir(exist_ok=True)
            (aside / "cgroup.procs").write_text(str(os.getpid()))
        for group in (own, self._root):
            with contextlib.suppress(OSError):
                (group / "cgroup.subtree_control").write_text(
                    " ".join(f"+{name}" for name in wanted)
                )


def _share(cpus: float) -> str:
    quota = round(cpus * _PERIOD_MICROSECONDS) if cpus else "max"
    return f"{quota} {_PERIOD_MICROSECONDS}"


def _own_group() -> Path | None:
    """The directory of the group that we are in."""
    try:
        groups = Path("/proc/self/cgroup").read_text().splitlines()
        mounts = Path("/proc/self/mountinfo").read_text().splitlines()
    except OSError:
        return None
    path = next((line[3:] for line in groups if line.startswith("0::")), None)
    mount = next((line.split()[4] for line in mounts if " - cgroup2 " in line), None)
    if path is None or mount is None:
        return None
    return Path(mount) / path.lstrip("/")
