"""The programs that train and run assistants, behind one contract, and the choice between them."""

from pathlib import Path
from typing import Protocol

from modelservice.service.errors import Rejected
from modelservice.service.runtimes.calm import CalmRuntime
from modelservice.service.runtimes.project import (
    has_flows,
    is_classic,
    is_open_source,
    maker_version,
)
from modelservice.service.runtimes.rasa_open_source import RasaOpenSource
from modelservice.service.runtimes.rasa_pro import RasaPro


class Runtime(Protocol):
    """Command lines of a program that trains and runs assistants as `rasa` does.

    All run with the directory of their training or bot as their working directory. Training ends
    with exit code 0 and the model in `output`, or with neither. Starting twice in one directory
    is allowed after the first process has ended.
    """

    name: str
    # Path that a running bot answers with 200 once it can talk, and not before.
    ready_path: str

    @property
    def socket_path(self) -> str:
        """Path of the bot's Socket.IO channel that speaks `user_message` and `bot_message`."""
        ...

    @property
    def sends_tracker(self) -> bool:
        """Whether that channel sends `tracker` by itself; of others the bridge asks by REST."""
        ...

    def problem(self) -> str | None:
        """Why nothing can be trained or run with it now: one sentence that says what to do."""
        ...

    def train_arguments(self, model_name: str, *, domain: str, output: Path) -> list[str]: ...

    def run_arguments(self, directory: Path, port: int) -> list[str]: ...

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
    """The runtimes that this service has: ours always, Rasa's where they are configured."""

    def __init__(self, open_source: Path | None, pro: Path | None) -> None:
        """Each is the Python of the environment where that Rasa is installed."""
        self.calm = CalmRuntime()
        self._open_source = RasaOpenSource(open_source) if open_source else None
        self._pro = RasaPro(pro) if pro else None
        found: list[Runtime | None] = [self.calm, self._open_source, self._pro]
        self._by_name = {each.name: each for each in found if each is not None}

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
        """By what the project in `directory` needs, and what is configured.

        :raises Rejected: nothing here can train it
        """
        if has_flows(directory) or not is_classic(directory):
            return self._pro or self.calm
        if runtime := self._open_source or self._pro:
            return runtime
        raise Rejected(
            400,
            "This assistant is written in stories and rules, and only Rasa itself can train "
            "those. An operator installs Rasa Open Source with `make rasa-oss`, or names it in "
            "MODEL_SERVICE_RASA_OPEN_SOURCE.",
        )

    def for_model(self, model: Path) -> Runtime:
        """By what the archive says about who made it.

        :raises Rejected: that Rasa is not configured here
        """
        version = maker_version(model)
        if version is None:
            return self.calm
        runtime: Runtime | None
        if is_open_source(version):
            runtime, name = self._open_source or self._pro, "MODEL_SERVICE_RASA_OPEN_SOURCE"
        else:
            runtime, name = self._pro, "MODEL_SERVICE_RASA_PRO"
        if runtime is None:
            made = ".".join(map(str, version))
            raise Rejected(409, f"Rasa {made} made this model, and {name} is not set here.")
        return runtime
