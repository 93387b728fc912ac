"""`requirements.txt` of a project: the packages that its custom actions need."""

import re
from collections.abc import Iterator

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from modelservice.project.errors import Finding, ProjectError

MAX_CHARACTERS = 200_000
# What runs the assistant is there already, in a version that fits.
_OF_THE_RUNTIME = frozenset({"rasa", "rasa-pro", "rasa-plus", "rasa-sdk"})
_COMMENT = re.compile(r"(^|\s)#.*$")
_HASH = re.compile(r"\s--hash=sha\d+:[0-9a-f]+")


def read_requirements(text: str, file: str) -> list[str]:
    """One package in each, with its version and hashes; without Rasa itself.

    :raises ProjectError: a line names no package of the index
    """
    if len(text) > MAX_CHARACTERS:
        raise ProjectError(Finding(f"The file has more than {MAX_CHARACTERS} characters.", file, 1))
    found = []
    for number, line in _lines(text):
        hashes = "".join(_HASH.findall(line))
        wanted = _HASH.sub("", line).strip()
        problem = _problem(wanted)
        if problem is not None:
            raise ProjectError(Finding(problem, file, number))
        if canonicalize_name(Requirement(wanted).name) not in _OF_THE_RUNTIME:
            found.append(f"{wanted}{hashes}")
    return found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Without comments and what is empty; a backslash at the end goes on in the next line."""
    begun, first = "", 0
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        first = first if begun else number
        begun += _COMMENT.sub("", line)
        if begun.endswith("\\"):
            begun = begun[:-1] + " "
            continue
        if begun.strip():
            yield first, begun.strip()
        begun = ""
    if begun.strip():
        yield first, begun.strip()


def _problem(wanted: str) -> str | None:
    shown = wanted[:100]
    if wanted.startswith("-") or " --" in wanted:
        return f"“{shown}” is an option; only packages can be named here."
    if "://" in wanted or wanted.startswith((".", "/", "~")) or "\\" in wanted:
        return f"“{shown}” is an address or a path; only packages of the index can be named here."
    try:
        is_named = Requirement(wanted).url is None
    except InvalidRequirement:
        return f"“{shown}” is no package with a version, such as `requests>=2`."
    return None if is_named else f"“{shown}” is an address; only packages can be named here."
