"""A trained model: what it holds, its archive, and the assistant that it becomes."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

from modelservice.calm.content.components import user_input_limit
from modelservice.calm.content.domain import read_domain
from modelservice.calm.content.flow import Flow, Flows
from modelservice.calm.content.flow_reading import read_flow
from modelservice.calm.content.yaml_text import load_yaml
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.errors import CalmError
from modelservice.common.model_format import MODEL_FORMAT
from modelservice.project.config_text import languages_of

MODEL_SUFFIX = ".tar.gz"
_MEMBER = "model.json"
# Its name and its `model_id` are as in Rasa's models; what else is in theirs is not here. `format`
# is ours.
_METADATA = "metadata.json"
# Ten thousand flows fit; what is larger unpacked was made to fill the memory.
_MAX_MODEL_BYTES = 50_000_000
_DEFAULTS = Path(__file__).parent.parent / "defaults"


@dataclass(frozen=True, slots=True)
class Model:
    """The checked content of a project; `learned` is the offline generator's training, `documents`
    the index of the passages that are searched, `step_lines` where the steps of each flow are
    written."""

    model_id: str
    trained_at: float
    flows: dict[str, Any]
    flow_files: dict[str, str]
    domain: dict[str, Any]
    config: dict[str, Any]
    endpoints: dict[str, Any]
    nlu: list[Any] = field(default_factory=list)
    prompts: dict[str, str] = field(default_factory=dict)
    learned: dict[str, Any] = field(default_factory=dict)
    documents: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    step_lines: dict[str, dict[str, int]] = field(default_factory=dict)


@cache
def default_content(name: str) -> Mapping[str, Any]:
    file = _DEFAULTS / name
    content: Mapping[str, Any] = load_yaml(file.read_text(encoding="utf-8"), file=file.name)
    return content


def default_flow_bodies() -> Mapping[str, Any]:
    """The default patterns as they are written, by id."""
    bodies: Mapping[str, Any] = default_content("flows.yml")["flows"]
    return bodies


@cache
def _default_flows() -> Mapping[str, Flow]:
    flows = default_flow_bodies()
    return {name: read_flow(name, body, file="patterns") for name, body in flows.items()}


def read_user_flows(model: Model) -> dict[str, Flow]:
    """The project's own flows."""
    return {
        name: read_flow(name, body, file=model.flow_files.get(name, "flows.yml"))
        for name, body in model.flows.items()
    }


def build_assistant(model: Model, *, name: str) -> Assistant:
    """The assistant of a model; `name` is the model file's name without its suffix."""
    config = model.config
    languages = languages_of(config)
    domain = read_domain(
        model.domain,
        defaults=default_content("domain.yml"),
        languages=languages,
    )
    return Assistant(
        assistant_id=_text(config, "assistant_id", "assistant"),
        model_id=model.model_id,
        model_name=name,
        language=languages.language,
        additional_languages=languages.additional,
        domain=domain,
        flows=Flows({**_default_flows(), **read_user_flows(model)}),
        max_characters=user_input_limit(config),
        warnings=tuple(model.warnings),
    )


def _text(config: Mapping[str, Any], key: str, default: str) -> str:
    value = config.get(key)
    return value if isinstance(value, str) and value else default


def write_model(model: Model, path: Path) -> None:
    """Write the archive beside its final place first, so that no reader sees half of it."""
    content = {"format": MODEL_FORMAT, **{f.name: getattr(model, f.name) for f in fields(model)}}
    members = {_METADATA: {"model_id": model.model_id, "format": MODEL_FORMAT}, _MEMBER: content}
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.part")
    with tarfile.open(unfinished, "w:gz") as archive:
        for name, content in members.items():
            body = json.dumps(content, ensure_ascii=False, default=str).encode()
            member = tarfile.TarInfo(name)
            member.size, member.mtime = len(body), int(model.trained_at)
            archive.addfile(member, io.BytesIO(body))
    unfinished.replace(path)


def find_model(path: Path) -> Path:
    """The model file itself, or the newest one of a folder."""
    if path.is_dir():
        models = sorted(path.glob(f"*{MODEL_SUFFIX}"), key=lambda file: file.stat().st_mtime)
        if not models:
            raise CalmError(f"there is no model in {path}")
        return models[-1]
    if not path.is_file():
        raise CalmError(f"there is no model {path}")
    return path


def read_model(path: Path) -> Model:
    """Read an archive. Raises `CalmError` if it is not one of this runtime's models."""
    try:
        body = json.loads(_content(path))
        if body.pop("format", None) != MODEL_FORMAT:
            raise CalmError(f"{path} was trained by another version; train it again")
        model = Model(**body)
    except _UNREADABLE as error:
        raise CalmError(f"{path} is not a model of this runtime") from error
    for name, kind in _KINDS.items():
        if not isinstance(getattr(model, name), kind):
            raise CalmError(
                f"{path} is not a model of this runtime: '{name}' is no {kind.__name__}"
            )
    return model


_UNREADABLE = (
    *(tarfile.TarError, zlib.error, OSError, EOFError, KeyError, ValueError),
    *(TypeError, AttributeError, RecursionError),
)
_KINDS: dict[str, type] = {
    **dict.fromkeys(("flows", "flow_files", "domain", "config", "endpoints", "learned"), dict),
    **dict.fromkeys(("nlu", "warnings"), list),
    "model_id": str,
}


def _content(path: Path) -> bytes:
    """The text of the one member that is read; no more is unpacked than a model may have."""
    with gzip.open(path) as unpacked:
        archive_bytes = unpacked.read(_MAX_MODEL_BYTES + 1)
    if len(archive_bytes) > _MAX_MODEL_BYTES:
        raise CalmError(f"{path} is too large for a model")
    with tarfile.open(fileobj=io.BytesIO(archive_bytes)) as archive:
        stream = archive.extractfile(_MEMBER)
        return b"" if stream is None else stream.read()
