"""What is wrong in the text of a file that is carried along: whether it can be read at all."""

import ast
import json
import warnings
from dataclasses import replace

from modelservice.project.errors import Finding, ProjectError
from modelservice.project.file_roles import YAML_SUFFIXES
from modelservice.project.yaml_reader import parse_yaml

# Longer texts are not checked: the page says so.
CHECKED_BYTES = 1024 * 1024


def file_problems(path: str, text: str) -> list[Finding]:
    """The first error that YAML, Python or JSON has, by the file's name; nothing is run."""
    if len(text) > CHECKED_BYTES:
        return []
    found: list[Finding] = []
    if path.endswith(YAML_SUFFIXES):
        found = _yaml(path, text)
    elif path.endswith(".py"):
        found = _python(path, text)
    elif path.endswith(".json"):
        found = _json(path, text)
    # What ends too early is said to be wrong behind its last line.
    last = text.count("\n") + 1
    return [replace(finding, line=max(1, min(finding.line or 1, last))) for finding in found]


def _yaml(path: str, text: str) -> list[Finding]:
    if not text.strip():
        return []
    try:
        parse_yaml(text, path)
    except ProjectError as error:
        return error.findings
    return []


def _python(path: str, text: str) -> list[Finding]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        # A file of Python that is no text for it (a null character) has no line.
        return [Finding(f"Python cannot read this: {error.msg}.", path, error.lineno or 1)]
    except (ValueError, RecursionError, MemoryError) as error:
        return [Finding(f"Python cannot read this: {error}.", path, 1)]
    return []


def _json(path: str, text: str) -> list[Finding]:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return [Finding(f"This is not JSON: {error.msg}.", path, error.lineno)]
    except RecursionError:
        return [Finding("This is nested too deeply.", path, 1)]
    return []
