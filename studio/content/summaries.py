"""What lists need to know of an item, derived from its body when it is written."""

from typing import Any, TypedDict

from modelservice.project.flow_document import FlowDocument, read_flow
from modelservice.project.model import Kind


class Reference(TypedDict):
    """That `step` refers to `name`."""

    name: str
    step: str | None


class FlowSummary(TypedDict):
    name: str
    description: str
    guard: str | bool | None
    step_count: int
    slots: list[Reference]
    texts: list[Reference]
    links: list[Reference]
    calls: list[Reference]


class ResponseSummary(TypedDict):
    text: str
    variation_count: int
    buttons: int


class SlotSummary(TypedDict):
    type: str
    values: list[Any] | None
    initial_value: Any


Summary = dict[str, Any]


def summary_of(kind: str, key: str, body: Any) -> Summary:
    if kind in {Kind.FLOW, Kind.SYSTEM_FLOW}:
        return dict(flow_summary(read_flow(key, body)))
    if kind == Kind.RESPONSE:
        return dict(_response_summary(body))
    if kind == Kind.SLOT:
        return dict(_slot_summary(body))
    return {}


def empty_summary(kind: str, key: str) -> Summary:
    """Of an item whose body cannot be read."""
    if kind in {Kind.FLOW, Kind.SYSTEM_FLOW}:
        return summary_of(kind, key, {})
    if kind == Kind.RESPONSE:
        return summary_of(kind, key, [])
    return summary_of(kind, key, {}) if kind == Kind.SLOT else {}


def flow_summary(document: FlowDocument) -> FlowSummary:
    body = document.body
    guard = body.get("if")
    return FlowSummary(
        name=flow_name(document.id, body),
        description=_text(body.get("description")),
        guard=guard if isinstance(guard, (str, bool)) else None,
        step_count=len(document.steps),
        slots=_references(document.slots_used()),
        texts=_references(document.texts_said()),
        links=_names_of(document, "link"),
        calls=_names_of(document, "call"),
    )


def flow_name(flow_id: str, body: dict[str, Any]) -> str:
    """The readable name; Rasa's default is the id with blanks (assistant_files §1)."""
    return _text(body.get("name")) or flow_id.replace("_", " ").replace("-", " ")


def _names_of(document: FlowDocument, kind: str) -> list[Reference]:
    return _references(
        (step.name, step.id)
        for step in document.steps
        if step.kind == kind and isinstance(step.name, str)
    )


def _references(pairs: Any) -> list[Reference]:
    return [Reference(name=name, step=step) for name, step in dict.fromkeys(pairs)]


def _response_summary(body: Any) -> ResponseSummary:
    variations = [entry for entry in body if isinstance(entry, dict)] if body else []
    texts = [_text(entry.get("text")) for entry in variations]
    return ResponseSummary(
        text=next((text for text in texts if text), ""),
        variation_count=len(variations),
        buttons=sum(len(entry.get("buttons") or ()) for entry in variations),
    )


def _slot_summary(body: Any) -> SlotSummary:
    slot = body if isinstance(body, dict) else {}
    values = slot.get("values")
    return SlotSummary(
        type=_text(slot.get("type")) or "text",
        values=values if isinstance(values, list) else None,
        initial_value=slot.get("initial_value"),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
