"""The programs that train and run assistants, behind one contract, and the choice between them."""

from pathlib import Path
from typing import Protocol

from modelservice.service.errors import Rejected
from modelservice.service.runtimes.calm import CalmRuntime


class Runtime(Protocol):
    """Command lines of a program that trains, runs and tests assistants as `rasa` does.

    All run with the directory of their training or bot as their working directory. Training ends
    with exit code 0 and the model in `output`, or with neither. Starting twice in one directory
    is allowed after the first process has ended.
    """

    name: str
    # Path that a running bot answers with 200 once it can talk, and not before.
    ready_path: str
    # Path of the bot's Socket.IO channel that speaks `user_message` and `bot_message`.
    socket_path: str
    # Whether that channel sends `tracker` by itself; of others the bridge asks for it by REST.
    sends_tracker: bool

    def problem(self) -> str | None:
        """Why nothing can be trained or run with it now: one sentence that says what to do."""
        ...

    def train_arguments(self, model_name: str, *, domain: str, output: Path) -> list[str]: ...

    def run_arguments(self, directory: Path, port: int) -> list[str]: ...

    def test_arguments(
        self, directory: Path, path: str, model: Path, result: Path
    ) -> list[str]: ...

    def variables(self) -> dict[str, str]:
        """What the child needs besides the allow-list."""
        ...

    def readable(self) -> list[Path]:
        """Where its program is: what a child must be able to read besides the system."""
        ...

    def credentials(self, text: str) -> str:
        """A credentials.yml whose chat channel is the one that this runtime has."""
        ...

    def error(self, log: str) -> str | None:
        """Why a training or bot failed, in one sentence; None when its output does not tell."""
        ...


class Runtimes:
    """The runtimes that this service has."""

    def __init__(self) -> None:
        self.calm = CalmRuntime()
        self._by_name: dict[str, Runtime] = {self.calm.name: self.calm}

    @property
    def all(self) -> list[Runtime]:
        return list(self._by_name.values())

    def get(self, name: str) -> Runtime:
        """
        :raises Rejected: it was configured once and is no longer
        """
        try:
            return self._by_name[name]
        except KeyError:
            raise Rejected(409, f"The runtime {name!r} is not configured here") from None

    def known(self, name: str) -> Runtime:
        """The one of that name, or ours if it is no longer configured."""
        return self._by_name.get(name, self.calm)

    def for_training(self, directory: Path) -> Runtime:
        """By what the project in `directory` needs."""
        return self.calm

    def for_model(self, model: Path) -> Runtime:
        """By what the archive says about who made it."""
        return self.calm
