"""Training: read, check, learn, package."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.errors import CalmError, ProjectError
from modelservice.calm.models.model import (
    Model,
    build_assistant,
    read_user_flows,
    write_model,
)
from modelservice.calm.search.index import pack
from modelservice.calm.search.meaning import embed_passages
from modelservice.calm.search.passages import Passage, passages_of
from modelservice.calm.training.checking import checked
from modelservice.calm.training.example_warnings import with_learned
from modelservice.calm.training.source import RawProject, read_project
from modelservice.calm.training.unsupported import searches, warnings_about
from modelservice.calm.understanding.embedding_client import TrainingEmbedder
from modelservice.calm.understanding.embeddings import EmbeddingsUnavailable
from modelservice.calm.understanding.learning import learn
from modelservice.project.model import PATTERN_PREFIX

Progress = Callable[[int, str], None]
_LEARN_PERCENT, _PACKAGE_PERCENT = 60, 85


class TrainingFailed(CalmError):
    """`problems` are all that is wrong with the project, one readable line each."""

    def __init__(self, problems: list[ProjectError]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


def train(
    *,
    data: list[Path],
    domain: Path,
    config: Path,
    endpoints: Path | None,
    output: Path,
    progress: Progress,
) -> Model:
    """Train a project and write the model to `output`. Raises `TrainingFailed`."""
    progress(0, "read")
    try:
        project = read_project(data=data, domain=domain, config=config, endpoints=endpoints)
        progress(25, "check")
        model = check(project, name=output.name)
    except ProjectError as error:
        raise TrainingFailed([error]) from error
    progress(_LEARN_PERCENT, "learn")
    model = taught(model, project, name=output.name, progress=progress)
    progress(_PACKAGE_PERCENT, "package")
    write_model(model, output)
    progress(100, "done")
    return model


def _no_flows(project: RawProject) -> ProjectError:
    classic = [*project.stories, *(f"form '{name}'" for name in project.domain.get("forms") or ())]
    if classic or project.nlu:
        found = ", ".join(classic) or "NLU examples"
        return ProjectError(
            f"this project has no flows but {found}: it is a classic assistant, which only Rasa "
            "itself can train and run"
        )
    return ProjectError("this project has no flows: an assistant needs at least one")


def check(project: RawProject, *, name: str) -> Model:
    """The model of a project without what is learned; refuses a project that cannot run."""
    verdict = checked(project)
    if verdict.errors:
        raise TrainingFailed(verdict.errors)
    if not any(not flow_id.startswith(PATTERN_PREFIX) for flow_id in project.flows):
        raise _no_flows(project)
    model = model_of(project)
    assistant = build_assistant(model, name=name)
    flows = read_user_flows(model)
    lines = {
        flow.id: {step.id: step.line for step in flow.steps.values() if step.line is not None}
        for flow in flows.values()
    }
    warnings = [*verdict.warnings, *warnings_about(project, assistant)]
    return replace(model, warnings=warnings, step_lines=lines)


def model_of(project: RawProject) -> Model:
    """The content of a project as it is, unchecked."""
    return Model(
        model_id=uuid.uuid4().hex,
        trained_at=time.time(),
        flows=project.flows,
        flow_files=project.flow_files,
        domain=project.domain,
        config=project.config,
        endpoints=project.endpoints,
        nlu=project.nlu,
        prompts=project.prompts,
    )


def taught(
    model: Model, project: RawProject, *, name: str, progress: Progress = lambda *_: None
) -> Model:
    """The model with what is learned from the project's texts."""
    assistant = build_assistant(model, name=name)
    passages = [
        passage
        for source, text in (project.documents.items() if searches(assistant) else ())
        for passage in passages_of(source, text)
    ]
    return _learned(assistant, project, passages, model, progress)


def _learned(
    assistant: Assistant,
    project: RawProject,
    passages: list[Passage],
    model: Model,
    progress: Progress,
) -> Model:
    """With embeddings where they are to be had; that they are not is a warning."""

    percent = _LEARN_PERCENT

    def on_waiting(left: int, texts: int) -> None:
        nonlocal percent
        done = (_PACKAGE_PERCENT - _LEARN_PERCENT) * (texts - left) // texts
        # Passages begin anew.
        percent = max(percent, _LEARN_PERCENT + done)
        progress(percent, f"learn ({left:,} of {texts:,} texts wait for their embeddings)")

    documents = pack(passages) if passages else {}
    embedder = TrainingEmbedder(os.environ, on_waiting)
    model = replace(model, documents=documents)
    if not embedder.is_configured:
        return with_learned(model, project, learn(assistant, project.nlu))
    try:
        learned = learn(assistant, project.nlu, embedder)
        meanings = embed_passages(passages, embedder)
    except EmbeddingsUnavailable as error:
        warning = f"trained without sentence embeddings: {error}"
        model = replace(model, warnings=[*model.warnings, warning])
        return with_learned(model, project, learn(assistant, project.nlu))
    if meanings:
        documents["meanings"] = meanings
    return with_learned(model, project, learned)
