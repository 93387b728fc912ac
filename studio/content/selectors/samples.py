"""The assistants that come with Studio."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from modelservice.project.config_text import config_facts
from modelservice.project.model import Kind
from modelservice.project.project_reader import read_files
from studio.common.errors import NotFound


@dataclass(frozen=True, slots=True)
class Sample:
    id: str
    name: str
    description: str
    language: str
    additional_languages: list[str]
    icon: str
    flow_count: int


def sample_list() -> list[Sample]:
    return list(_samples(Path(settings.SAMPLES_DIR)))


def sample_get(sample_id: str) -> Sample:
    found = next((sample for sample in sample_list() if sample.id == sample_id), None)
    if found is None:
        raise NotFound(f"There is no sample “{sample_id}”.")
    return found


def _samples(root: Path) -> Iterator[Sample]:
    for path in sorted(root.glob("*/sample.json")):
        about = json.loads(path.read_text(encoding="utf-8"))
        spoken = config_facts((path.parent / "config.yml").read_text(encoding="utf-8"))
        yield Sample(
            id=path.parent.name,
            name=about["name"],
            description=about["description"],
            language=spoken.language,
            additional_languages=spoken.additional_languages,
            icon=about.get("icon", ""),
            flow_count=_flow_count(path.parent),
        )


@cache
def _flow_count(folder: Path) -> int:
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.glob("data/**/*.yml")
    }
    return sum(item.kind is Kind.FLOW for item in read_files(files).items) if files else 0
