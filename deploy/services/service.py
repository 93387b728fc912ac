"""What the services have in common: one process, one directory, one port, ready when it answers."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path

import psutil

from deploy.services.install import run

HOST = "127.0.0.1"
_START_SECONDS = 120
_STOP_SECONDS = 20


class NotStarted(Exception):
    """A service that ended, or did not answer in time; with the end of what it said."""


class Service(ABC):
    """`process` is there while this object has it started; `adopt` takes over one by its pid."""

    name: str
    # What it is run as when we are root, because it refuses to be root.
    account: str | None = None

    def __init__(self, directory: Path, port: int) -> None:
        self.directory = directory
        self.port = port
        self.process: psutil.Process | None = None

    @property
    def address(self) -> str:
        return f"{HOST}:{self.port}"

    @property
    def log(self) -> Path:
        return self.directory / "log.txt"

    @property
    @abstractmethod
    def variables(self) -> dict[str, str]:
        """How Studio is told of it."""

    @abstractmethod
    def prepare(self) -> None:
        """Install, and make the data of a first start; may be called again."""

    @abstractmethod
    def command(self) -> list[str]: ...

    def environment(self) -> dict[str, str]:
        return dict(os.environ)

    def is_ready(self) -> bool:
        return answers(self.port)

    def started(self) -> None:  # noqa: B027  most need nothing
        """Make what has to be there before it is used: a database, a topic."""

    def start(self) -> None:
        """
        :raises NotStarted:
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        self.prepare()
        account = self.account if self._changes_account() else None
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                self.command(),
                cwd=self.directory,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=account,
                group=account,
            )
        self.process = psutil.Process(process.pid)
        self._wait(process)
        self.started()

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            if self.is_ready():
                return
            time.sleep(0.1)
        told = self.log.read_text(errors="replace")[-3000:]
        self.kill()
        raise NotStarted(f"{self.name} does not answer on {self.address}:\n{told}")

    def _changes_account(self) -> bool:
        return self.account is not None and os.geteuid() == 0

    def as_account(self, command: list[str]) -> None:
        """Run a step of the preparation as the account that the service runs as."""
        if self._changes_account():
            command = ["runuser", "-u", str(self.account), "--", *command]
        run(command)

    def give(self, path: Path) -> None:
        """Make a directory the account's own."""
        if self._changes_account():
            owner = pwd.getpwnam(str(self.account))
            for each in (path, *path.rglob("*")):
                os.chown(each, owner.pw_uid, owner.pw_gid)

    def adopt(self, pid: int, started_at: float) -> bool:
        """Whether the process of that pid is still the one that was started."""
        try:
            process = psutil.Process(pid)
            if abs(process.create_time() - started_at) > 1 or not process.is_running():
                return False
        except psutil.Error:
            return False
        self.process = process
        return True

    def stop(self) -> None:
        """End it in order, by force after a while."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a crash would."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self.process is None:
            return
        if number == signal.SIGKILL:
            _send(self.process, signal.SIGSTOP)  # it makes no more children meanwhile
        family = [*self._children(), self.process]
        for process in family if number == signal.SIGKILL else [self.process]:
            _send(process, number)
        _, alive = psutil.wait_procs(family, timeout=_STOP_SECONDS)
        for process in alive:
            _send(process, signal.SIGKILL)
        psutil.wait_procs(alive, timeout=_STOP_SECONDS)
        self.process = None

    def _children(self) -> list[psutil.Process]:
        try:
            return self.process.children(recursive=True) if self.process else []
        except psutil.NoSuchProcess:
            return []

    def pause(self) -> None:
        """As a cut network: it keeps its connections and says nothing."""
        for process in [*self._children(), *([self.process] if self.process else [])]:
            _send(process, signal.SIGSTOP)

    def go_on(self) -> None:
        for process in [*self._children(), *([self.process] if self.process else [])]:
            _send(process, signal.SIGCONT)

    def remove(self) -> None:
        """Stop it and forget its data."""
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)


def _send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


def answers(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True
