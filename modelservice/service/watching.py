"""Measures what children use: memory, processes and the size of their logs."""

import contextlib
import logging
from dataclasses import dataclass
from pathlib import Path

import psutil

from modelservice import settings
from modelservice.service.launching import MAX_PROCESSES
from modelservice.service.processes import Child

log = logging.getLogger(__name__)

# Of a log that has grown too long its beginning and its end stay.
_HEAD_BYTES = 256 * 1024
_TAIL_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True)
class Use:
    """Of a child and of all that it has started."""

    resident_bytes: int
    cpu_seconds: float
    processes: int


def use_of(child: Child) -> Use:
    resident, seconds, count = 0, 0.0, 0
    try:
        leader = psutil.Process(child.handle.pid)
        family = [leader, *leader.children(recursive=True)]
    except psutil.NoSuchProcess:
        family = []
    for process in family:
        with contextlib.suppress(psutil.Error):
            resident += process.memory_info().rss
            times = process.cpu_times()
            seconds += times.user + times.system
            count += 1
    return Use(resident, seconds, count)


def excess(use: Use, memory_megabytes: int) -> str | None:
    """Which ceiling is exceeded, in a sentence; None if none is."""
    if memory_megabytes and use.resident_bytes > memory_megabytes * 1024 * 1024:
        return f"It used more than {memory_megabytes} MB of memory and was ended."
    if use.processes > MAX_PROCESSES:
        return f"It started more than {MAX_PROCESSES} processes and was ended."
    return None


def trim_log(file: Path) -> None:
    """Cut the middle out of a log that is too long. Its process goes on appending to it.

    :raises OSError:
    """
    try:
        size = file.stat().st_size
    except FileNotFoundError:
        return
    if size <= settings.LOG_MB * 1024 * 1024:
        return
    with file.open("rb") as whole:
        head = whole.read(_HEAD_BYTES)
        whole.seek(-_TAIL_BYTES, 2)
        tail = whole.read(_TAIL_BYTES)
    left_out = (size - len(head) - len(tail)) // 1024 // 1024
    note = f"\n[… {left_out} MB of output are left out here …]\n".encode()
    with file.open("r+b") as whole:
        whole.truncate(0)
        whole.write(head + note + tail)
