"""Each command has examples, and each of them is what its parser takes."""

import shlex

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand

from studio.common.command import CommandWithExamples

# They print what is in deploy/docs, for `make schema`.
_DOCUMENTS = {"commands_document", "problems_document"}
OURS = {
    name: load_command_class(str(app), name)
    for name, app in sorted(get_commands().items())
    if str(app).startswith(("studio.", "ingestion")) and name not in _DOCUMENTS
}


def examples_of(command: BaseCommand) -> list[str]:
    return [*command.examples] if isinstance(command, CommandWithExamples) else []


@pytest.mark.parametrize("name", OURS)
def test_each_example_is_taken(name: str) -> None:
    command = OURS[name]
    assert examples_of(command)
    for line in examples_of(command):
        program, called, *words = shlex.split(line.partition(" < ")[0].partition(" > ")[0])
        assert (program, called) == ("manage.py", name), line
        # From a shell; from code a wrong call raises CommandError.
        parser = command.create_parser("manage.py", name)
        parser.called_from_command_line = True
        try:
            parser.parse_args(words)
        except SystemExit:
            pytest.fail(f"its parser does not take: {line}")


@pytest.mark.parametrize("name", OURS)
def test_help_shows_them(name: str) -> None:
    command = OURS[name]
    told = command.create_parser("manage.py", name).format_help()
    for line in examples_of(command):
        assert f"\n  {line}" in told


def test_a_word_shows_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    parser = OURS["tags"].create_parser("manage.py", "tags")
    with pytest.raises(SystemExit):
        parser.parse_args(["rename", "--help"])
    told = capsys.readouterr().out
    assert "manage.py tags rename Bank" in told
    assert "manage.py tags add" not in told
