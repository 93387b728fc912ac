"""Projects from Git: a folder of a branch, as a zip that is read like every other one.

The address comes from a stranger, and what answers may be hostile. Only hosts that the operator
allows are asked, by `git` in a process of its own: without prompts, helpers, hooks, submodules and
redirects, with bounds on time, bytes and files. Nothing is checked out and nothing is run.
"""

import base64
import ipaddress
import logging
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from modelservice.project.archive import ArchiveLimits
from studio.content.errors import GitFailed

log = logging.getLogger(__name__)

_SECONDS = 60
_MEMORY = 2 * 1024**3
# By how much a file may be larger than what is imported until the system stops its writer.
_SLACK = 16 * 1024**2
_AT_ONCE = 2
_places = threading.BoundedSemaphore(_AT_ONCE)
_PORTS = {"https": 443, "http": 80}
_BRANCH = re.compile(r"(?!.*(\.\.|//|@\{|\.lock$|/$|\.$))[A-Za-z0-9_][^\s~^:?*\[\\\x00-\x1f\x7f]*")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# What `git` says, and what it means for who typed the address.
_MEANINGS = (
    (r"Remote branch .* not found", "There is no branch of that name."),
    (
        r"Authentication failed|could not read Username|error: 40[13]",
        "The repository is private, or not there. For a private one, give an access token.",
    ),
    (r"repository .* not found|error: 404", "There is no repository at that address."),
    (r"error: 30\d|redirect", "The address leads to another one. Give that one."),
    (r"dumb http", "The server there speaks no Git over HTTP that can be read in part."),
    (r"invalid index-pack output", "The repository is too large, or what came of it is damaged."),
    (r"certificate|SSL", "The certificate of the server is not good."),
)


@dataclass(frozen=True, slots=True)
class GitPlace:
    """Empty: the branch and the folder that the repository begins with, and no token."""

    address: str
    branch: str = ""
    folder: str = ""
    token: str = ""

    @property
    def name(self) -> str:
        """What the repository is called."""
        parts = [part for part in self.address.split("/") if part.strip() not in {"", ".git"}]
        return parts[-1].strip().removesuffix(".git") if parts else ""


@dataclass(frozen=True, slots=True)
class _Origin:
    """A server that may be asked. What is written with its scheme is in the operator's own network:
    it may have a private address, and may be without TLS."""

    scheme: str
    host: str
    port: int
    own: bool


def git_archive(place: GitPlace) -> bytes:
    """A zip of the folder, as it is at the newest commit of the branch.

    :raises GitFailed: the address is not allowed, or nothing came from it
    """
    url, origin = _allowed(place.address)
    if place.branch and not _BRANCH.fullmatch(place.branch):
        raise GitFailed("That is no name of a branch.")
    folder = place.folder.strip("/")
    if ".." in folder.split("/") or not folder.isprintable():
        raise GitFailed("The folder has to be one of the repository.")
    if not _places.acquire(timeout=_SECONDS):
        raise GitFailed("Others are fetching by Git just now: try again in a minute.")
    try:
        with tempfile.TemporaryDirectory(prefix="studio-git-", ignore_cleanup_errors=True) as home:
            return _Fetch(Path(home), _configured(origin, place.token)).archive(
                url, place.branch, folder
            )
    finally:
        _places.release()


def _allowed(address: str) -> tuple[str, _Origin]:
    if not settings.STUDIO_GIT_HOSTS:
        raise GitFailed(
            "Projects cannot be fetched by Git here: who runs Studio has allowed no host"
            " (STUDIO_GIT_HOSTS)."
        )
    address = address.strip()
    if not _SCHEME.match(address) or re.match(r"[^/:]+:\d+(/|$)", address):
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError as error:
        raise GitFailed("That is no address of a repository.") from error
    if port is None or not parts.hostname or not address.isprintable() or " " in address:
        raise GitFailed("The address of a repository begins with https://.")
    if parts.username is not None or parts.query or parts.fragment:
        raise GitFailed("The address must not hold a user, a password, ? or #.")
    asked = (parts.scheme, parts.hostname, port)
    for entry in settings.STUDIO_GIT_HOSTS:
        origin = _origin(entry)
        if (origin.scheme, origin.host, origin.port) == asked:
            # Put together anew, so that nobody else reads another host out of it.
            host = f"[{origin.host}]" if ":" in origin.host else origin.host
            return f"{origin.scheme}://{host}:{origin.port}{parts.path}", origin
    hosts = ", ".join(settings.STUDIO_GIT_HOSTS)
    raise GitFailed(f"“{parts.scheme}://{parts.netloc}” is not allowed here. Allowed: {hosts}.")


def _origin(entry: str) -> _Origin:
    own = "://" in entry
    parts = urlsplit(entry if own else f"https://{entry}")
    port = parts.port or _PORTS.get(parts.scheme, 0)
    return _Origin(parts.scheme, parts.hostname or "", port, own)


def _configured(origin: _Origin, token: str) -> dict[str, str]:
    """Settings of `git`, given by its environment, so that no process list shows the token."""
    values = [
        ("http.followRedirects", "false"),
        ("http.lowSpeedLimit", "1000"),
        ("http.lowSpeedTime", "20"),
        ("credential.helper", ""),
        ("core.hooksPath", os.devnull),
        ("core.bigFileThreshold", "8m"),
        # Received as one file, whose size is bounded.
        ("fetch.unpackLimit", "1"),
        ("pack.threads", "1"),
    ]
    if not origin.own:
        values.append(("http.curloptResolve", _pinned(origin)))
    if token:
        basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        values.append(("http.extraHeader", f"Authorization: Basic {basic}"))
    return {
        "GIT_CONFIG_COUNT": str(len(values)),
        **{f"GIT_CONFIG_KEY_{index}": key for index, (key, _value) in enumerate(values)},
        **{f"GIT_CONFIG_VALUE_{index}": value for index, (_key, value) in enumerate(values)},
        "GIT_ALLOW_PROTOCOL": origin.scheme,
    }


def _pinned(origin: _Origin) -> str:
    """The public addresses of a host, for the connection to go to these and no others.

    :raises GitFailed: it has none, or leads into a private network
    """
    try:
        found = socket.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise GitFailed(f"There is no host “{origin.host}”.") from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        known = ipaddress.ip_address(address.split("%")[0])
        mapped = getattr(known, "ipv4_mapped", None)
        if not (mapped or known).is_global or known.is_multicast:
            raise GitFailed(f"“{origin.host}” leads into a private network.")
    written = (f"[{one}]" if ":" in one else one for one in dict.fromkeys(addresses))
    return f"{origin.host}:{origin.port}:{','.join(written)}"


class _Fetch:
    """One repository in a folder that goes afterwards."""

    def __init__(self, home: Path, configured: dict[str, str]) -> None:
        self._home = home
        self._repository = home / "repository"
        self._until = time.monotonic() + _SECONDS
        self._environment = {
            **configured,
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(home),
            "LC_ALL": "C",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }

    def archive(self, url: str, branch: str, folder: str) -> bytes:
        self._clone(url, branch)
        tree = f"HEAD:{folder}"
        self._check(tree, folder)
        return b"".join(
            self._output(["archive", "--format=zip", tree], at_most=settings.IMPORT_MAX_BYTES)
        )

    def _clone(self, url: str, branch: str) -> None:
        words = ["clone", "--bare", "--quiet", "--depth=1", "--single-branch", "--no-tags"]
        words += ["--template=", *([f"--branch={branch}"] if branch else [])]
        with self._running([*words, "--", url, str(self._repository)]) as git:
            while True:
                try:
                    git.wait(timeout=0.1)
                    break
                except subprocess.TimeoutExpired:
                    self._check_time()
                    self._check_size()
            with (self._home / "errors").open("rb") as errors:
                said = errors.read(10_000).decode("utf-8", "replace")
        if git.returncode != 0:
            raise GitFailed(_meaning(said))
        self._check_size()

    def _check(self, tree: str, folder: str) -> None:
        """Count before anything is unpacked: a small repository may stand for millions of files."""
        limits = ArchiveLimits()
        count = total = 0
        rest = b""
        try:
            for some in self._output(["ls-tree", "-r", "-l", "-z", tree]):
                *lines, rest = (rest + some).split(b"\0")
                for line in lines:
                    count += 1
                    size = line.split(b"\t", 1)[0].split()[-1]
                    total += int(size) if size.isdigit() else 0
                if count > limits.entries:
                    raise GitFailed(f"There are more than {limits.entries:,} files in it.")
                if total > limits.total_bytes:
                    raise _too_large(limits.total_bytes)
        except subprocess.CalledProcessError as error:
            where = f"folder “{folder}” in it" if folder else "commit in it yet"
            raise GitFailed(f"There is no {where}.") from error

    def _output(self, words: Sequence[str], at_most: int | None = None) -> Iterator[bytes]:
        """:raises CalledProcessError: it ended with an error"""
        total = 0
        with self._running(words) as git:
            assert git.stdout is not None  # noqa: S101  it is a pipe
            while some := git.stdout.read(64 * 1024):
                self._check_time()
                total += len(some)
                if at_most is not None and total > at_most:
                    raise _too_large(at_most)
                yield some
            if git.wait() != 0:
                raise subprocess.CalledProcessError(git.returncode, "git")

    @contextmanager
    def _running(self, words: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
        """It and its children are gone afterwards."""
        program = shutil.which("git")
        if program is None:
            raise GitFailed("Git is not installed on the server: who runs Studio can do that.")
        here = self._repository if self._repository.exists() else self._home
        with (self._home / "errors").open("wb") as errors:
            git = subprocess.Popen(
                [program, *words],
                cwd=here,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                process_group=0,
            )
        try:
            _limit(git.pid)
            yield git
        finally:
            _end(git)

    def _check_time(self) -> None:
        if time.monotonic() > self._until:
            raise GitFailed(f"It took longer than {_SECONDS} seconds.")

    def _check_size(self) -> None:
        total = 0
        # Git renames files, and removes a folder whose clone failed, meanwhile.
        for folder, _folders, names in os.walk(self._home):
            for name in names:
                with suppress(FileNotFoundError):
                    total += Path(folder, name).lstat().st_size
        if total >= settings.IMPORT_MAX_BYTES:
            raise _too_large(settings.IMPORT_MAX_BYTES)


def _limit(pid: int) -> None:
    """Where the system has it: no file above what is imported, and no more memory than this."""
    if not hasattr(resource, "prlimit"):
        return
    size = settings.IMPORT_MAX_BYTES + _SLACK
    for kind, most in ((resource.RLIMIT_FSIZE, size), (resource.RLIMIT_AS, _MEMORY)):
        try:
            resource.prlimit(pid, kind, (most, most))
        except (ProcessLookupError, PermissionError):
            return


def _end(git: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(git.pid, signal.SIGKILL)
    if git.stdout is not None:
        git.stdout.close()
    git.wait()


def _meaning(said: str) -> str:
    for pattern, meaning in _MEANINGS:
        if re.search(pattern, said, re.IGNORECASE):
            return meaning
    log.warning("a repository could not be fetched: %s", said.strip()[:500])
    return "The repository could not be fetched: its server does not answer as one of Git."


def _too_large(most: int) -> GitFailed:
    return GitFailed(f"The repository is larger than {most // 1024 // 1024} MB.")
