"""Values written into config.yml and endpoints.yml, with everything else in them as it was."""

import re
from collections.abc import Mapping
from typing import Any

from modelservice.project.config_text import read_map
from modelservice.project.errors import ProjectError
from modelservice.project.yaml_edit import edited
from modelservice.project.yaml_writer import to_yaml

# A map without entries, on a line of its own.
_EMPTY_MAP = re.compile(r"^\{\s*\}[ \t]*(?:\r?\n|\Z)", re.MULTILINE)


class Unwritable(Exception):
    """The file is written in such a way that only a person can edit it there."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file


def rewritten(text: str, before: Mapping[str, Any], after: Mapping[str, Any], file: str) -> str:
    """`text` means `before`; the returned one means `after`, other lines are as they were.

    :raises Unwritable: it cannot be edited in place
    """
    if before == after:
        return text
    if not before:
        rest = _EMPTY_MAP.sub("", text, count=1)
        gap = "" if not rest or rest.endswith("\n") else "\n"
        made: str | None = f"{rest}{gap}{to_yaml(dict(after))}"
    elif not after:
        made = "".join(line for line in text.splitlines(keepends=True) if line.startswith("#"))
    else:
        made = edited(text, before, after)
    if made is None or not _means(made, after, file):
        raise Unwritable(file)
    return made


def _means(text: str, wanted: Mapping[str, Any], file: str) -> bool:
    try:
        return read_map(text, file) == wanted
    except ProjectError:
        return False
