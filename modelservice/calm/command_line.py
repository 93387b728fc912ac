"""`train`, `run`, `shell` and `test` with the flags that Rasa's own commands have, and `action`."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from modelservice.calm.errors import CalmError
from modelservice.common.log_format import LineFormatter

if TYPE_CHECKING:
    from modelservice.calm.actions.process import ProcessSettings

logger = logging.getLogger("modelservice.calm")
DEFAULT_PORT = 5005
LOOPBACK = "127.0.0.1"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        # argparse says "unrecognized arguments"; the flags are Rasa's, so say whose they are not.
        text = message.replace("unrecognized arguments", "unknown flags for this runtime")
        self.exit(2, f"{self.prog}: {text}\nSee `{self.prog} --help`.\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the result is the process's exit code."""
    options = _parser().parse_args(arguments)
    _configure_logging(options)
    try:
        command: Callable[[argparse.Namespace], int] = options.run
        return command(options)
    except CalmError as error:
        say_problem(str(error))
        return 1
    except KeyboardInterrupt:
        return 130


def say(text: str) -> None:
    """One line for the reader of standard output, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def say_problem(text: str) -> None:
    for line in text.splitlines():
        sys.stderr.write(f"error: {line}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="calm", description="Open CALM runtime", allow_abbrev=False)
    commands = parser.add_subparsers(title="commands", required=True, parser_class=_Parser)
    _add_train(commands.add_parser("train", help="train a project", allow_abbrev=False))
    _add_run(commands.add_parser("run", help="run a model", allow_abbrev=False))
    _add_shell(commands.add_parser("shell", help="talk to a model here", allow_abbrev=False))
    test = commands.add_parser("test", help="test a model", allow_abbrev=False)
    kinds = test.add_subparsers(required=True, parser_class=_Parser)
    _add_e2e(kinds.add_parser("e2e", help="run end-to-end tests", allow_abbrev=False))
    _add_action(commands.add_parser("action", help="run one custom action", allow_abbrev=False))
    return parser


def _add_logging(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--debug", "-vv", action="store_true")
    parser.add_argument("--verbose", "-v", action="store_true")
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("--logging-config-file", help="accepted for compatibility")


def _add_train(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", nargs="+", type=Path, default=[Path("data")])
    parser.add_argument("-c", "--config", type=Path, default=Path("config.yml"))
    parser.add_argument("-d", "--domain", type=Path, default=Path("domain.yml"))
    parser.add_argument("--endpoints", type=Path, default=Path("endpoints.yml"))
    parser.add_argument("--out", type=Path, default=Path("models"))
    parser.add_argument("--fixed-model-name")
    parser.add_argument("--force", action="store_true", help="every training is a full one here")
    parser.add_argument("--skip-validation", action="store_true", help="checks are always made")
    _add_logging(parser)
    parser.set_defaults(run=_train)


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-m", "--model", type=Path, default=Path("models"))
    parser.add_argument("--endpoints", type=Path)
    parser.add_argument(
        "--actions", type=Path, help="JSON that says how the project's own actions are run"
    )
    _add_logging(parser)


def _add_run(parser: argparse.ArgumentParser) -> None:
    _add_model(parser)
    parser.add_argument("--credentials", type=Path)
    parser.add_argument("-p", "--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("-i", "--interface", default=LOOPBACK)
    parser.add_argument("--enable-api", action="store_true")
    parser.add_argument("--cors", nargs="*", default=[], help="allowed origins, or *")
    parser.set_defaults(run=_run)


def _add_shell(parser: argparse.ArgumentParser) -> None:
    _add_model(parser)
    parser.set_defaults(run=_shell)


def _add_e2e(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path",
        type=Path,
        nargs="?",
        default=Path(),
        help="a file or folder; `file::name` runs one case",
    )
    parser.add_argument("--fail-fast", action="store_true", help="stop at the first failure")
    files = parser.add_argument_group("reports")
    files.add_argument(
        *("-o", "--e2e-results"),
        type=Path,
        nargs="?",
        const=Path("tests/e2e_results.yml"),
        help="write …_passed.yml and …_failed.yml",
    )
    files.add_argument(
        "--e2e-failed-tests",
        type=Path,
        nargs="?",
        const=Path("tests/failed"),
        help="write the cases that failed, one file for each of theirs",
    )
    files.add_argument("--coverage-report", action="store_true", help="which steps were reached")
    files.add_argument("--coverage-output-path", type=Path, default=Path("e2e_coverage_results"))
    files.add_argument("--junit", type=Path, help="write JUnit XML")
    files.add_argument("--json", type=Path, help="write everything as JSON")
    _add_model(parser)
    parser.set_defaults(run=_test_e2e)


def _add_action(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name")
    parser.add_argument("-d", "--domain", type=Path, default=Path("domain.yml"))
    parser.add_argument("-c", "--config", type=Path, default=Path("config.yml"))
    parser.add_argument("--endpoints", type=Path, default=Path("endpoints.yml"))
    parser.add_argument("--actions", type=Path, help="as for `run`")
    parser.add_argument("--slots", type=Path, help="JSON, name to value")
    parser.add_argument("--seconds", type=float, default=60.0, help="that it may take")
    parser.add_argument("--json", type=Path, help="write there what it did", required=True)
    _add_logging(parser)
    parser.set_defaults(run=_action)


def _configure_logging(options: argparse.Namespace) -> None:
    level = logging.WARNING
    if options.debug:
        level = logging.DEBUG
    elif options.verbose:
        level = logging.INFO
    elif options.quiet:
        level = logging.ERROR
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter())
    logging.basicConfig(level=level, handlers=[handler])


# Each command imports what it needs itself: the start of `run` is measured in milliseconds.


def _train(options: argparse.Namespace) -> int:
    from modelservice.calm.training.training import train

    name = options.fixed_model_name or _dated_name()
    if not name.endswith(".tar.gz"):
        name += ".tar.gz"
    output = options.out / name
    model = train(
        data=options.data,
        domain=_domain_path(options.domain),
        config=options.config,
        endpoints=options.endpoints,
        output=output,
        progress=lambda percent, phase: say(f"progress: {percent}% {phase}"),
    )
    for warning in model.warnings:
        say(f"warning: {warning}")
    say(f"Your model is trained and saved at '{output}'.")
    return 0


def _domain_path(path: Path) -> Path:
    """Projects split their domain into a folder; Rasa's default name is the file's."""
    folder = path.with_suffix("")
    return folder if not path.exists() and folder.is_dir() else path


def _dated_name() -> str:
    import time

    return time.strftime("%Y%m%d-%H%M%S")


def _read_settings(path: Path | None) -> dict[str, Any] | None:
    """A settings file's map, None if none was named; a named one must exist."""
    if path is None:
        return None
    from modelservice.calm.content.yaml_text import load_yaml
    from modelservice.calm.training.source import read_text

    content = load_yaml(read_text(path), file=str(path))
    if content is not None and not isinstance(content, dict):
        raise CalmError(f"{path}: must be a map at its top level")
    return content or {}


def _actions(path: Path | None) -> ProcessSettings | str:
    from modelservice.calm.actions.process import read_settings
    from modelservice.calm.channels.bot import NOT_RUN

    return NOT_RUN if path is None else read_settings(path)


def _run(options: argparse.Namespace) -> int:
    from modelservice.calm.channels.bot import load_bot
    from modelservice.calm.channels.server import CHANNELS
    from modelservice.calm.channels.serving import serve
    from modelservice.calm.content.environment import expand_parts

    credentials = expand_parts(
        _read_settings(options.credentials) or {},
        CHANNELS,
        os.environ,
        file=str(options.credentials),
    )
    bot = load_bot(
        options.model,
        endpoints=_read_settings(options.endpoints),
        environment=os.environ,
        actions=_actions(options.actions),
    )
    return serve(
        bot,
        credentials,
        host=options.interface,
        port=options.port,
        api_enabled=options.enable_api,
        allowed_origins=options.cors,
    )


def _shell(options: argparse.Namespace) -> int:
    from modelservice.calm.channels.bot import load_bot
    from modelservice.calm.channels.shell import talk

    bot = load_bot(
        options.model,
        endpoints=_read_settings(options.endpoints),
        environment=os.environ,
        actions=_actions(options.actions),
    )
    return talk(bot, sys.stdin, say)


def _test_e2e(options: argparse.Namespace) -> int:
    from modelservice.calm.e2e.command import Reports, run_tests

    return run_tests(
        options.path,
        model=options.model,
        endpoints=_read_settings(options.endpoints),
        environment=os.environ,
        stop_at_first=options.fail_fast,
        reports=Reports(
            results=options.e2e_results,
            failed_cases=options.e2e_failed_tests,
            coverage=options.coverage_output_path if options.coverage_report else None,
            junit=options.junit,
            json=options.json,
        ),
        actions=_actions(options.actions),
        say=say,
    )


def _action(options: argparse.Namespace) -> int:
    import json

    from modelservice.calm.channels.single_action import run_action, write_result

    slots = {} if options.slots is None else json.loads(options.slots.read_text("utf-8"))
    result = run_action(
        options.name,
        domain=_read_settings(options.domain) or {},
        config=_read_settings(options.config) or {},
        endpoints=_read_settings(options.endpoints) or {},
        environment=os.environ,
        actions=_actions(options.actions),
        slots=slots,
        seconds=options.seconds,
    )
    write_result(result, options.json)
    return 0
