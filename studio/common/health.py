"""What is wrong with the parts of Studio around this process, for `/api/health` and the pages."""

import json
from pathlib import Path
from typing import TypedDict

from django.conf import settings

_problems: dict[str, str] = {}


class PartProblem(TypedDict):
    part: str
    detail: str


def report(part: str, problem: str | None) -> None:
    """Note what is wrong with a part, as of now; None when nothing is. From any thread."""
    if problem is None:
        _problems.pop(part, None)
    else:
        _problems[part] = problem


def part_problems() -> list[PartProblem]:
    """What this process has seen, and what `make up` says of the parts that it looks after."""
    found = {**_of_make_up(), **_problems}
    return [PartProblem(part=part, detail=detail) for part, detail in sorted(found.items())]


def _of_make_up() -> dict[str, str]:
    if not settings.STUDIO_PARTS_FILE:
        return {}
    try:
        content = json.loads(Path(settings.STUDIO_PARTS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(part): str(detail) for part, detail in content.items()}
