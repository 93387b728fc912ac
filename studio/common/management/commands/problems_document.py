"""`manage.py problems_document`: every code of a failure, as Markdown."""

from collections.abc import Iterator
from importlib import import_module
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from studio.common.problems import Failure, known_failures

_HEAD = """\
# Problems

A request that fails is answered with `application/problem+json` (RFC 9457): `type`, `title`,
`status`, `code`, `detail`, and where several things are wrong `errors`, each with `message` and, as
far as they are known, `field`, `file`, `line` and `item`. Programs go by `code`; a code keeps its
meaning once it is published. `detail` is for people and may change. Written by `make schema`;
`make lint` compares.
"""


class Command(BaseCommand):
    help = "Print what deploy/docs/problems.md holds."

    def handle(self, *_args: Any, **_options: Any) -> None:
        import_module(settings.ROOT_URLCONF)  # and with it all that can fail
        self.stdout.write("\n".join([_HEAD, *_sections()]))


def _sections() -> Iterator[str]:
    for code, failures in groupby(known_failures(), key=lambda each: each.code):
        yield f"## {code}\n"
        for failure in failures:
            yield _words(failure)


def _words(failure: Failure) -> str:
    members = "".join(
        f"- `{name}`: {each['description']}.\n" for name, each in failure.members.items()
    )
    return (
        f"Status {failure.status}: {failure.title}.\n\n"
        f"- When: {failure.when}\n"
        f"- What to do: {failure.remedy}\n"
        f"{members}"
    )
