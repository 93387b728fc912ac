"""Runs commands as a shell would: what they wrote, and how they ended."""

import json
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.core.management import CommandError, call_command


@dataclass
class Ended:
    """`refusal` is the sentence of a command that failed."""

    output: str
    errors: str
    refusal: str = ""
    code: int = 0

    @property
    def document(self) -> Any:
        return json.loads(self.output)


def ended(*words: str) -> Ended:
    output, errors = StringIO(), StringIO()
    try:
        call_command(*words, stdout=output, stderr=errors)
    except CommandError as failure:
        return Ended(output.getvalue(), errors.getvalue(), str(failure), failure.returncode)
    return Ended(output.getvalue(), errors.getvalue())
