"""YAML files for the runtime: read as everywhere, with the line of each map."""

from __future__ import annotations

from typing import Any

from modelservice.calm.errors import ProjectError
from modelservice.project import errors
from modelservice.project.yaml_reader import Document, parse_yaml


def read_document(text: str, *, file: str) -> Document:
    """Raises `ProjectError` naming file and line for anything but one YAML document."""
    try:
        return parse_yaml(text, file, located=True)
    except errors.ProjectError as error:
        raise problem_of(error.findings[0]) from error


def load_yaml(text: str, *, file: str) -> Any:
    """The value of a document, as `read_document`."""
    return read_document(text, file=file).value


def problem_of(finding: errors.Finding) -> ProjectError:
    item = None if finding.item is None else f"“{finding.item}”"
    return ProjectError(finding.message, file=finding.file, line=finding.line, item=item)
