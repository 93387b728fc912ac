"""Runs a project's custom actions: `python -I action_executor.py DESCRIPTOR` in its own folder.

It speaks with the assistant over the Unix socket of that descriptor. A frame is four bytes of
length (big endian) and JSON. The first frame that comes has the module and the domain, and is
answered with `{"ready": […names…]}` or `{"failed": "why"}`. Each further one has an `id` and the
`call` of an action, and is answered with that id and `answer`, `rejected` or `failed`.

It stands alone: the Python that runs it has rasa-sdk and nothing of ours. What actions print and
their tracebacks go to its output. It ends with its parent, however that ends.
"""

import asyncio
import contextlib
import ctypes
import importlib.util
import inspect
import json
import logging
import os
import pkgutil
import resource
import signal
import socket
import sys
import traceback
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

MAX_ANSWER_BYTES = 2_000_000
_PR_SET_PDEATHSIG = 1
# What one project's actions may start besides what their user runs already.
_MORE_PROCESSES = 1024
_LISTED_NAMES = 8
_MAX_TEXT = 300
# The domain is sent once; rasa-sdk asks for it again when the digest of a call is another.
_DIGEST = "of the assistant"
Frame = dict[str, Any]


def main() -> None:
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        return
    channel = socket.socket(fileno=int(sys.argv[1]))
    channel.set_inheritable(False)
    # What an action forks must not answer in its place.
    os.register_at_fork(after_in_child=channel.close)
    _limit_processes()
    sys.path.insert(0, str(Path.cwd()))
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    asyncio.run(_serve(channel))
    os._exit(0)  # threads of actions must not hold the end up


def _limit_processes() -> None:
    """The kernel counts all processes and threads of the user; it spares root."""
    used = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_uid == os.getuid():
                used += len(list((folder / "task").iterdir()))
    with contextlib.suppress(OSError, ValueError):
        limit = used + _MORE_PROCESSES
        resource.setrlimit(resource.RLIMIT_NPROC, (limit, limit))


async def _serve(channel: socket.socket) -> None:
    reader, writer = await asyncio.open_unix_connection(sock=channel)
    begin = await _read_frame(reader)
    if begin is None:
        return
    try:
        actions = Actions(begin)
    except ImportFailure as failure:
        await _write_frame(writer, {"failed": str(failure)})
        return
    await _write_frame(writer, {"ready": actions.names})
    calls = set()
    while (frame := await _read_frame(reader)) is not None:
        call = asyncio.create_task(_answer(actions, frame, writer))
        calls.add(call)
        call.add_done_callback(calls.discard)


async def _answer(actions: "Actions", frame: Frame, writer: asyncio.StreamWriter) -> None:
    pid = os.getpid()
    answer = await actions.run(frame["call"])
    if os.getpid() != pid:  # a fork that the action has left behind
        os._exit(0)
    await _write_frame(writer, {"id": frame["id"], **answer})


async def _read_frame(reader: asyncio.StreamReader) -> "Frame | None":
    """None when the assistant is gone."""
    try:
        length = int.from_bytes(await reader.readexactly(4), "big")
        frame: Frame = json.loads(await reader.readexactly(length))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    return frame


async def _write_frame(writer: asyncio.StreamWriter, frame: Frame) -> None:
    body = json.dumps(frame).encode()
    writer.write(len(body).to_bytes(4, "big") + body)
    await writer.drain()


class ImportFailure(Exception):
    """No action of the project can be imported; the text is one sentence."""


class Actions:
    """The actions of a project, by rasa-sdk's executor."""

    def __init__(self, begin: Frame) -> None:
        """
        :raises ImportFailure:
        """
        self._remedy = begin["remedy"]
        try:
            from rasa_sdk.executor import ActionExecutor
        except ImportError as error:
            raise ImportFailure(f"rasa-sdk cannot be imported: {error}") from error
        _offer_json_helpers()
        self._executor = ActionExecutor()
        self._executor.validate_events = _checked(self._executor.validate_events)
        # By the file, as far as that is known.
        self._failures: dict[str, str] = {}
        self._import(begin["module"], begin["module"])
        self._register()
        if self._failures and not self._executor.actions:
            raise ImportFailure(next(iter(self._failures.values())))
        self._executor.domain = begin["domain"]
        self._executor.domain_digest = _DIGEST

    def _import(self, name: str, root: str) -> None:
        """A module and all below it. One that fails takes only its own actions along, and those of
        modules that need it; rasa-sdk's own way gives all up."""
        try:
            module = importlib.import_module(name)
        except BaseException as error:  # a module may raise anything, SystemExit too
            traceback.print_exc()
            self._failures[_file_of(name)] = self._import_failure(error, root)
            return
        for found in pkgutil.iter_modules(getattr(module, "__path__", ()), f"{name}."):
            self._import(found.name, root)

    def _register(self) -> None:
        from rasa_sdk.interfaces import Action
        from rasa_sdk.utils import all_subclasses

        for action in all_subclasses(Action):
            own = not action.__module__.startswith("rasa_sdk.")
            if own and not inspect.isabstract(action):
                try:
                    self._executor.register_action(action)
                except BaseException as error:  # its name or its constructor may raise anything
                    traceback.print_exc()
                    file = action.__module__.replace(".", "/") + ".py"
                    self._failures[file] = f"{action.__name__}: {self._sentence(error)}"

    @property
    def names(self) -> "list[str]":
        return sorted(self._executor.actions)

    async def run(self, call: Frame) -> Frame:
        """The fields of the answer's frame."""
        if call["next_action"] not in self._executor.actions:
            return {"failed": self._not_found(call["next_action"])}
        try:
            result = await self._executor.run({**call, "domain_digest": _DIGEST})
            answer = {"events": result.events, "responses": result.responses}
            if len(json.dumps(answer)) > MAX_ANSWER_BYTES:
                return {"failed": f"it answered more than {MAX_ANSWER_BYTES // 1_000_000} MB"}
        except BaseException as error:  # an action may raise anything, SystemExit too
            if type(error).__name__ == "ActionExecutionRejection":
                return {"rejected": str(error)}
            traceback.print_exc()
            return {"failed": self._sentence(error)}
        return {"answer": answer}

    def _not_found(self, action: str) -> str:
        """Where a file that has the name could not be imported, why that is."""
        for file, failure in self._failures.items():
            if _has(file, action):
                return failure
        files = ", ".join(list(self._failures)[:_LISTED_NAMES])
        broken = f"; {files} cannot be imported, the log says why" if files else ""
        return f"no class of the project has this name; {self._known()}{broken}"

    def _known(self) -> str:
        names = self.names
        if not names:
            return "its module has no actions"
        more = f" and {len(names) - _LISTED_NAMES} more" if len(names) > _LISTED_NAMES else ""
        return f"there are {', '.join(names[:_LISTED_NAMES])}{more}"

    def _import_failure(self, error: BaseException, module: str) -> str:
        missing = error.name if isinstance(error, ModuleNotFoundError) else None
        if missing is not None and f"{module}.".startswith(f"{missing}."):
            return f"the project has no module '{missing}', which action_endpoint names"
        if isinstance(error, SyntaxError):
            return f"{_relative(error.filename or '?')}, line {error.lineno}: {error.msg}"
        return self._sentence(error)

    def _sentence(self, error: BaseException) -> str:
        place = _place(error)
        if isinstance(error, SystemExit):
            return f"it called sys.exit() ({place})"
        if isinstance(error, MemoryError):
            return f"it needs more memory than it may have ({place})"
        if isinstance(error, ModuleNotFoundError) and error.name:
            of_rasa = error.name.split(".")[0] == "rasa"
            remedy = "only Rasa itself has it, use rasa_sdk" if of_rasa else self._remedy
            return f"the module '{error.name}' is missing ({place}): {remedy}"
        text = " ".join(str(error).split())[:_MAX_TEXT]
        name = type(error).__name__
        return f"{name}: {text} ({place})" if text else f"{name} ({place})"


def _checked(validate: "Callable[[Any, str], Any]") -> "Callable[[Any, str], Any]":
    """The SDK leaves out events that are none, and breaks on what is no list."""

    def validate_events(events: Any, action_name: str) -> Any:
        if not isinstance(events, (list, tuple)):
            kind = type(events).__name__
            raise TypeError(f"it returned {kind!r}, and an action returns a list of events")
        return validate(events, action_name)

    return validate_events


def _file_of(module: str) -> str:
    """Its path in the project, or the name of the module where it has none."""
    place = module.replace(".", "/")
    return next(
        (file for file in (f"{place}.py", f"{place}/__init__.py") if Path(file).exists()), module
    )


def _has(file: str, word: str) -> bool:
    try:
        return word in Path(file).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def _offer_json_helpers() -> None:
    """Rasa's templates keep their data in JSON files and read and write them by two functions of
    Rasa itself. Where that is not installed, these stand there; nothing else of it does."""
    if importlib.util.find_spec("rasa") is not None:
        return

    def read_json_file(filename: "str | Path") -> Any:
        return json.loads(Path(filename).read_text(encoding="utf-8"))

    def write_json_to_file(filename: "str | Path", obj: Any, **options: Any) -> None:
        text = json.dumps(obj, **{"indent": 2, "ensure_ascii": False, **options})
        Path(filename).write_text(text, encoding="utf-8")

    for name in ("rasa", "rasa.shared", "rasa.shared.utils", "rasa.nlu"):
        package = types.ModuleType(name)
        package.__path__ = []
        sys.modules[name] = package
    for name, helper in (
        ("rasa.shared.utils.io", read_json_file),
        ("rasa.nlu.utils", write_json_to_file),
    ):
        module = types.ModuleType(name)
        setattr(module, helper.__name__, helper)
        sys.modules[name] = module


def _place(error: BaseException) -> str:
    """The last line of the project's own code that the error came through."""
    lines = traceback.extract_tb(error.__traceback__)
    own = [each for each in lines if each.filename.startswith(f"{Path.cwd()}/")]
    found = (own or list(lines))[-1:]
    return f"{_relative(found[0].filename)}, line {found[0].lineno}" if found else "no line of it"


def _relative(file: str) -> str:
    return file.removeprefix(f"{Path.cwd()}/")


if __name__ == "__main__":
    main()
