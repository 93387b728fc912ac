"""What is told of examples that pull in two directions, with the place where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from textwrap import shorten

from modelservice.calm.errors import ProjectError
from modelservice.calm.models.model import Model
from modelservice.calm.training.source import RawProject
from modelservice.calm.understanding.intents.confusing import ConfusingExample
from modelservice.calm.understanding.learning import Learned
from modelservice.project.model import Kind
from modelservice.project.nlu_examples import read_examples

# More than these are counted.
_MOST_TOLD = 10
_LONGEST_QUOTE = 120


def with_learned(model: Model, project: RawProject, learned: Learned) -> Model:
    """The model with what was learned, and with the warnings about it."""
    flow_of = {
        intent: flow_id
        for flow_id, flow in learned.packed["flows"].items()
        for intent in flow["intents"]
    }
    first = learned.confusing[:_MOST_TOLD]
    told = [_told(project, each, flow_of.get(each.intent)) for each in first]
    more = len(learned.confusing) - len(first)
    rest = [f"and {more} more examples that pull in two directions"] if more > 0 else []
    return replace(model, learned=learned.packed, warnings=[*model.warnings, *told, *rest])


def _told(project: RawProject, example: ConfusingExample, flow: str | None) -> str:
    text = _quoted(example.text)
    if example.is_same:
        message = (
            f"{text} is an example of '{example.intent}' and of '{example.other}': "
            "take it from one of them"
        )
    else:
        message = (
            f"{text} is an example of '{example.intent}', but it is nearer to those of "
            f"'{example.other}' ({_quoted(example.like)}): move it, make it clearer, or add more "
            "like it"
        )
    item = f"flow '{flow}'" if flow is not None else None
    file, line = _place(project, example)
    return str(ProjectError(message, file=file, line=line, item=item))


def _quoted(text: str) -> str:
    """On one line, because a warning is one."""
    return f"“{shorten(text, _LONGEST_QUOTE, placeholder=' …')}”"


def _place(project: RawProject, example: ConfusingExample) -> tuple[str | None, int | None]:
    named: Sequence[str] = [key for kind, key in project.places if kind == Kind.NLU]
    for key, entry in zip(named, project.nlu, strict=False):
        if example.text in read_examples([entry]).intents.get(example.intent, ()):
            place = project.places[Kind.NLU.value, key]
            return place.file, place.line_of("/examples")
    return None, None
