"""Every place that says a response: steps, slots, patterns of the runtime, tests and code."""

from collections.abc import Iterator, Mapping
from typing import Any

from modelservice.project.checks.content import FLOW_KINDS
from modelservice.project.flow_document import FlowDocument, read_flow, rejections
from modelservice.project.model import Kind
from modelservice.project.response_renaming import ASKS, ResponseRename
from studio.content.models import Branch, Item
from studio.content.selectors.default_content import default_content
from studio.content.selectors.files import texts_of_project
from studio.content.summaries import flow_name
from studio.model_service.errors import ModelServiceUnavailable

Document = dict[str, Any]


def response_uses(branch: Branch, key: str) -> Document:
    """`flows` are steps of the assistant's flows and patterns, `slots` those whose validation
    refuses or asks again with it, `patterns` default ones of the runtime that say it, `texts` the
    paths of files and prompts that name it."""
    own = Item.objects.filter(branch=branch, kind__in=FLOW_KINDS)
    using = own.filter(references__relation="texts", references__name=key).distinct()
    flows = [
        place
        for flow, body in using.order_by("key").values_list("key", "blob__body")
        for place in _places(flow, body, key)
    ]
    return {
        "flows": flows,
        "slots": _slots(branch, key),
        "patterns": _patterns(branch, key, {*own.values_list("key", flat=True)}),
        "texts": texts_naming(branch, key),
    }


def _places(flow: str, body: Any, key: str) -> Iterator[Document]:
    document = read_flow(flow, body)
    name = flow_name(flow, document.body)
    for step, how in _said(document, key):
        yield {"flow": flow, "flow_name": name, "step": step, "how": how}


def _said(document: FlowDocument, key: str) -> Iterator[tuple[str, str]]:
    for step in document.steps:
        if step.kind == "action" and step.name == key:
            yield step.id, "says"
        elif step.kind == "collect" and (step.body.get("utter") or f"{ASKS}{step.name}") == key:
            yield step.id, "asks"
        if any(rejection.get("utter") == key for rejection in rejections(step)):
            yield step.id, "refuses"


def _slots(branch: Branch, key: str) -> list[Document]:
    found = []
    slots = Item.objects.filter(branch=branch, kind=Kind.SLOT).order_by("key")
    for slot, body in slots.values_list("key", "blob__body"):
        validation = body.get("validation") if isinstance(body, dict) else None
        if not isinstance(validation, Mapping):
            continue
        if (validation.get("refill_utter") or f"{ASKS}{slot}") == key:
            found.append({"slot": slot, "how": "asks"})
        refusals = validation.get("rejections")
        if any(
            isinstance(one, Mapping) and one.get("utter") == key
            for one in (refusals if isinstance(refusals, list) else [])
        ):
            found.append({"slot": slot, "how": "refuses"})
    return found


def _patterns(branch: Branch, key: str, own: set[str]) -> list[str]:
    try:
        defaults = default_content(branch)["flows"]
    except ModelServiceUnavailable:
        return []
    return [
        name
        for name, body in sorted(defaults.items())
        if name not in own and any(_said(read_flow(name, body), key))
    ]


def texts_naming(branch: Branch, key: str) -> list[str]:
    """Paths of code, tests and prompts that name it."""
    names = ResponseRename(key, key).names_it
    return sorted(path for path, text in texts_of_project(branch).items() if names(text))
