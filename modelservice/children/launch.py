"""Ceilings and access rules of a child, applied by the child itself before its runtime begins.

`python -I -S launch.py SANDBOX COMMAND…` applies the sandbox (JSON, see `Sandbox`) and becomes the
command. It stands alone and imports little: every training and every bot that is not warm waits for
it.
"""

import ctypes
import json
import os
import resource
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict


class Sandbox(TypedDict):
    """`read` and `write` are paths that the child may use, with all below them; None for both
    leaves the file system open. 0 means no ceiling.

    `listen` are the TCP ports that it may listen on, `closed_ports` ranges (first and last) that it
    may not connect to; None leaves either open.
    """

    memory_bytes: int
    cpu_seconds: int
    file_bytes: int
    nice: int
    cgroup: str | None
    read: list[str] | None
    write: list[str] | None
    listen: list[int] | None
    closed_ports: list[tuple[int, int]] | None


class Orders(TypedDict):
    """What a warm child is to become; `arguments` are those of `python -m modelservice.calm`."""

    arguments: list[str]
    directory: str
    log_file: str
    variables: dict[str, str]
    sandbox: Sandbox


# System call numbers and flags of linux/landlock.h; the same on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG = 1
_PATH_BENEATH = 1
_PR_SET_NO_NEW_PRIVS = 38
_PR_CAPBSET_DROP, _PR_SET_SECUREBITS = 24, 28
# Being root gives nothing by itself any more, and that is locked (linux/securebits.h).
_NO_ROOT = 0b1111
_CAPABILITY_VERSION = 0x20080522
_CAPABILITIES = 64
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_FIRST_VERSION_RIGHTS = (1 << 13) - 1
# Rights by the version of the interface that brought them.
_LATER_RIGHTS = {2: _REFER, 3: _TRUNCATE, 5: _IOCTL_DEV}
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_READING = _EXECUTE | _READ_FILE | _READ_DIR
# No signals to processes outside, no abstract sockets of theirs (version 6).
_SCOPES = 3
_SCOPES_SINCE = 6
_NET_PORT = 2
_BIND_TCP, _CONNECT_TCP = 1, 2
NETWORK_SINCE = 4


class _Ruleset(ctypes.Structure):
    _fields_ = [
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    ]


class _NetPort(ctypes.Structure):
    _fields_ = [("allowed_access", ctypes.c_uint64), ("port", ctypes.c_uint64)]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = [("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32)]


def landlock_version() -> int:
    """Of the kernel's interface; 0 where there is none."""
    return max(0, int(ctypes.CDLL(None).syscall(_CREATE_RULESET, None, 0, _VERSION_FLAG)))


def apply(sandbox: Sandbox) -> None:
    """Call it once, before any thread is started: the kernel binds the calling thread only.

    :raises OSError: a ceiling or a rule that was asked for cannot be had
    """
    if sandbox["cgroup"] is not None:
        Path(sandbox["cgroup"], "cgroup.procs").write_text(str(os.getpid()))
    for kind, value in (
        (resource.RLIMIT_DATA, sandbox["memory_bytes"]),
        (resource.RLIMIT_CPU, sandbox["cpu_seconds"]),
        (resource.RLIMIT_FSIZE, sandbox["file_bytes"]),
    ):
        if value:
            resource.setrlimit(kind, (value, value))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sandbox["nice"]:
        os.nice(sandbox["nice"])
    if sandbox["read"] is not None and sandbox["write"] is not None:
        _restrict(sandbox["read"], sandbox["write"], sandbox["listen"])
    if sandbox["closed_ports"]:
        close_ports(sandbox["closed_ports"])


def close_ports(closed: list[tuple[int, int]]) -> None:
    """Refuse connections to these TCP ports, of any machine: the kernel has no finer rule.

    It knows no ranges and only what is allowed, so each other port gets a rule; that takes some
    50 ms. Nothing happens where the kernel is too old for it.

    :raises OSError:
    """
    if landlock_version() < NETWORK_SINCE:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    # Rules that do not speak of moving files between folders forbid it; those for files decide.
    ruleset = _create(libc, _Ruleset(_REFER, _CONNECT_TCP, 0))
    _allow(libc, ruleset, "/", _REFER)
    refused = {port for first, last in closed for port in range(first, last + 1)}
    _allow_ports(
        libc, ruleset, _CONNECT_TCP, (each for each in range(65536) if each not in refused)
    )
    _enforce(libc, ruleset)


def _restrict(read: list[str], write: list[str], listen: list[int] | None) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() == 0:
        _drop_capabilities(libc)
    version = landlock_version()
    rights = _FIRST_VERSION_RIGHTS
    for since, right in _LATER_RIGHTS.items():
        rights |= right if version >= since else 0
    network = _BIND_TCP if listen is not None and version >= NETWORK_SINCE else 0
    scopes = _SCOPES if version >= _SCOPES_SINCE else 0
    ruleset = _create(libc, _Ruleset(rights, network, scopes))
    for path in write:
        _allow(libc, ruleset, path, rights)
    for path in read:
        _allow(libc, ruleset, path, _READING & rights)
    if network:
        _allow_ports(libc, ruleset, _BIND_TCP, listen or ())
    _enforce(libc, ruleset)


def _create(libc: ctypes.CDLL, attributes: _Ruleset) -> int:
    """Older kernels know only the beginning of the structure."""
    fields = 3 if attributes.scoped else 2 if attributes.handled_access_net else 1
    size = fields * ctypes.sizeof(ctypes.c_uint64)
    return _checked(libc.syscall(_CREATE_RULESET, ctypes.byref(attributes), size, 0))


def _allow_ports(libc: ctypes.CDLL, ruleset: int, right: int, ports: Iterable[int]) -> None:
    rule = _NetPort(right, 0)
    reference = ctypes.byref(rule)
    for port in ports:
        rule.port = port
        _checked(libc.syscall(_ADD_RULE, ruleset, _NET_PORT, reference, 0))


def _enforce(libc: ctypes.CDLL, ruleset: int) -> None:
    _checked(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    _checked(libc.syscall(_RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)


def _drop_capabilities(libc: ctypes.CDLL) -> None:
    """Root's would reach around the rules: into /proc of other processes, for one."""
    libc.prctl(_PR_SET_SECUREBITS, _NO_ROOT, 0, 0, 0)
    for number in range(_CAPABILITIES):
        libc.prctl(_PR_CAPBSET_DROP, number, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    none = (ctypes.c_uint32 * 6)()
    _checked(libc.capset(header, none))


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    """What is not there needs no permission."""
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    if not Path(path).is_dir():
        rights &= _FILE_RIGHTS
    rule = _PathBeneath(rights, place)
    _checked(libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0))
    os.close(place)


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def main() -> None:
    sandbox: Sandbox = json.loads(sys.argv[1])
    command = sys.argv[2:]
    try:
        apply(sandbox)
    except OSError as error:
        sys.exit(f"error: this process cannot be confined as the settings ask: {error}")
    os.execvp(command[0], command)  # noqa: S606  an argument list, no shell


if __name__ == "__main__":
    main()
