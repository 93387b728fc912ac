"""What commands for administrators share: examples, words, tables for people, JSON for programs."""

import json
import os
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from getpass import getpass
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    DjangoHelpFormatter,
)
from django.core.serializers.json import DjangoJSONEncoder

from studio.common.errors import DomainError
from studio.common.progress import Progress

# What a shell reports of a program that SIGPIPE, or SIGINT, has ended.
_OUTPUT_CLOSED = 141
_INTERRUPTED = 130


class HelpFormatter(DjangoHelpFormatter):
    """Keeps the lines of what has several: the examples."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text if "\n" in text else super()._fill_text(text, width, indent)


class CommandWithExamples(BaseCommand):
    """`examples` are whole lines, shown below the help; a test parses each of them."""

    examples: ClassVar[Sequence[str]] = ()

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        options.setdefault("formatter_class", HelpFormatter)
        return super().create_parser(
            prog_name, subcommand, epilog=examples_as_text(self.examples), **options
        )


class WordsCommand(CommandWithExamples):
    """A command that is one thing, or one with words (`add_words`), each a method `_word`.

    An expected failure ends it with one sentence and the exit code `refused`.
    """

    refused = 1

    def add_arguments(self, parser: CommandParser) -> None:
        self._words = parser.add_subparsers(dest="word", required=True)
        self.add_words()

    def add_words(self) -> None:
        raise NotImplementedError

    def word(self, name: str, about: str, *arguments: str) -> CommandParser:
        """A word with its arguments by place; further ones are added to what is returned."""
        of_word = [line for line in self.examples if line.split()[2] == name]
        parser: CommandParser = self._words.add_parser(
            name,
            help=about,
            description=about,
            epilog=examples_as_text(of_word),
            formatter_class=HelpFormatter,
        )
        for argument in arguments:
            parser.add_argument(argument)
        self.add_common(parser)
        return parser

    def add_common(self, parser: CommandParser) -> None:
        """Options that every word has."""
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *_args: Any, **options: Any) -> None:
        self._as_json = options.get("json", False)
        try:
            self.act(options)
            self.stdout.flush()
        except DomainError as problem:
            text = "\n".join(_sentences(problem))
            raise CommandError(text, returncode=self.refused) from problem
        except KeyboardInterrupt:
            raise CommandError("Interrupted.", returncode=_INTERRUPTED) from None
        except BrokenPipeError:
            # Whoever reads the output has closed it, as `head` does; nothing may be flushed to it.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(_OUTPUT_CLOSED)

    def act(self, options: dict[str, Any]) -> None:
        word: Callable[[dict[str, Any]], None]
        word = getattr(self, f"_{options['word'].replace('-', '_')}")
        word(options)

    @staticmethod
    def write_file(path: str, content: Iterable[bytes]) -> None:
        """At once or not at all; `-` is the output.

        :raises CommandError: it cannot be written
        """
        if path == "-":
            for piece in content:
                sys.stdout.buffer.write(piece)
            return
        part = Path(f"{path}.part")
        try:
            with part.open("wb") as file:
                file.writelines(content)
            part.replace(path)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        finally:
            part.unlink(missing_ok=True)

    def progress(self, text: str) -> Progress:
        """Of what may take long; on the error output, so that it mixes with no result."""
        return Progress(self.stderr, text)

    def say(self, text: str, document: Any) -> None:
        """A sentence; for programs what it is about."""
        self.stdout.write(as_json(document) if self._as_json else text)

    def table(self, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
        """One line each, with these of their values; for programs everything."""
        if self._as_json:
            self.stdout.write(as_json(rows))
            return
        lines = [[column.replace("_", " ") for column in columns]]
        lines += [[_cell(row.get(column)) for column in columns] for row in rows]
        widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
        for line in lines:
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())

    def facts(self, document: Mapping[str, Any]) -> None:
        """Everything about one thing, a line each."""
        lines = (f"{name.replace('_', ' ')}: {_cell(value)}" for name, value in document.items())
        self.say("\n".join(lines), document)


def positive(text: str) -> int:
    """A type of arguments: how many."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is no number above 0")
    return int(text)


def read_password() -> str:
    """Typed twice at a terminal, else the first line of the input.

    Not an argument, which `ps` shows, and no variable, which child processes inherit.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass("Password: ")
    if password != getpass("Again: "):
        raise CommandError("The two passwords are not the same.")
    return password


def as_json(document: Any) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False, cls=DjangoJSONEncoder)


def examples_as_text(lines: Sequence[str]) -> str | None:
    return "\n".join(["examples:", *(f"  {line}" for line in lines)]) if lines else None


def _sentences(problem: DomainError) -> Iterator[str]:
    """What its page would show: the sentence, and places with what is wrong there."""
    if problem.detail not in {each["message"] for each in problem.errors}:
        yield problem.detail
    for each in (*problem.errors, *problem.extras.get("problems", ())):
        place = ":".join(str(each[name]) for name in ("file", "line") if name in each)
        place = place or " ".join(str(each[name]) for name in ("kind", "id") if name in each)
        yield f"{place}: {each['message']}" if place else str(each["message"])
    yield from problem.extras.get("sentences", ())
    yield from (
        problem.extras[name] for name in ("address", "console_url") if name in problem.extras
    )


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("name", value))
    if isinstance(value, list):
        return ", ".join(map(_cell, value)) or "-"
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:%Y-%m-%d %H:%M}" if hasattr(value, "strftime") else str(value)
