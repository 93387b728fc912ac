"""What lists need to know of an item, derived from its body when it is written."""

from collections.abc import Iterable
from typing import Any, TypedDict

from modelservice.project.conditions.expressions import UnusableExpression, compile_pattern
from modelservice.project.flow_document import FlowDocument, read_flow, trigger_of
from modelservice.project.model import Kind
from modelservice.project.nlu_examples import example_texts, read_examples
from modelservice.project.nlu_writing import group_of
from modelservice.project.response_texts import texts_of
from modelservice.project.translatable import counts_of, translatable_of

# What a response may hold, by the keys of its variations.
CONTENTS = {
    "text": ("text",),
    "buttons": ("buttons", "quick_replies"),
    "image": ("image", "attachment"),
    "custom": ("custom", "elements"),
    "condition": ("condition",),
}
# Of the words that a list is searched in.
_MAX_WORDS = 20_000
_SHOWN_EXAMPLES, _SHOWN_CHARACTERS = 4, 100


class Reference(TypedDict):
    """That `step` refers to `name`."""

    name: str
    step: str | None


class Trigger(TypedDict):
    """That an intent starts a flow, from this confidence on."""

    intent: str
    threshold: float


class FlowSummary(TypedDict):
    name: str
    description: str
    guard: str | bool | None
    step_count: int
    asks: list[Reference]
    sets: list[Reference]
    reads: list[Reference]
    texts: list[Reference]
    links: list[Reference]
    calls: list[Reference]
    triggers: list[Trigger]


class ResponseSummary(TypedDict):
    """`text` is the first, `words` are all others as they are searched. Of `texts` words that a
    person reads, `translated` are there in that language."""

    text: str
    words: str
    variation_count: int
    buttons: int
    texts: int
    translated: dict[str, int]
    channels: list[str]
    contents: list[str]
    rephrase: bool | None


class SlotSummary(TypedDict):
    type: str
    values: list[Any] | None
    initial_value: Any
    # What its mappings look at.
    intents: list[str]
    entities: list[str]


class MarkSummary(TypedDict):
    """How an entity is marked in the examples of one entry."""

    count: int
    roles: list[str]
    groups: list[str]


class NluSummary(TypedDict):
    """`label` is intent, synonym, regex or lookup, or empty; `unusable` are patterns that are left
    out, each with the reason."""

    label: str
    name: str
    count: int
    first: list[str]
    marks: dict[str, MarkSummary]
    unusable: list[str]


Summary = dict[str, Any]
# What a flow does with a slot: keys of its summary.
SLOT_RELATIONS = ("asks", "sets", "reads")


def summary_of(kind: str, key: str, body: Any) -> Summary:
    if kind in {Kind.FLOW, Kind.SYSTEM_FLOW}:
        return dict(flow_summary(read_flow(key, body)))
    if kind == Kind.RESPONSE:
        return dict(_response_summary(body))
    if kind == Kind.SLOT:
        return dict(_slot_summary(body))
    if kind == Kind.NLU:
        return dict(_nlu_summary(body))
    return {}


def empty_summary(kind: str, key: str) -> Summary:
    """Of an item whose body cannot be read."""
    if kind in {Kind.FLOW, Kind.SYSTEM_FLOW}:
        return summary_of(kind, key, {})
    if kind == Kind.RESPONSE:
        return summary_of(kind, key, [])
    return summary_of(kind, key, {}) if kind in {Kind.SLOT, Kind.NLU} else {}


def flow_summary(document: FlowDocument) -> FlowSummary:
    body = document.body
    guard = body.get("if")
    return FlowSummary(
        name=flow_name(document.id, body),
        description=_text(body.get("description")),
        guard=guard if isinstance(guard, (str, bool)) else None,
        step_count=len(document.steps),
        asks=_references(document.slots_asked()),
        sets=_references(document.slots_set()),
        reads=_references(document.slots_read()),
        texts=_references(document.texts_said()),
        links=_names_of(document, "link"),
        calls=_names_of(document, "call"),
        triggers=_triggers(body.get("nlu_trigger")),
    )


def slots_of(summary: Summary) -> list[str]:
    """The slots that a flow has to do with."""
    entries = (entry["name"] for relation in SLOT_RELATIONS for entry in summary[relation])
    return list(dict.fromkeys(entries))


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
    first = next((text for text in texts if text), "")
    counts = counts_of(translatable_of(Kind.RESPONSE, "", body))
    words = "\n".join(dict.fromkeys(found.text for found in texts_of(body)))
    return ResponseSummary(
        text=first,
        words=words.removeprefix(first).lstrip("\n")[:_MAX_WORDS],
        variation_count=len(variations),
        buttons=sum(len(entry.get("buttons") or ()) for entry in variations),
        texts=counts.texts,
        translated=dict(sorted(counts.translated.items())),
        channels=sorted({_text(entry.get("channel")) for entry in variations} - {""}),
        contents=[name for name, keys in CONTENTS.items() if _has(variations, keys)],
        rephrase=_rephrase(variations),
    )


def _has(variations: list[dict[str, Any]], keys: Iterable[str]) -> bool:
    return any(entry.get(key) for entry in variations for key in keys)


def _rephrase(variations: list[dict[str, Any]]) -> bool | None:
    """As the first variation that says it; None: as the assistant."""
    said = ((entry.get("metadata") or {}).get("rephrase") for entry in variations)
    return next((value for value in said if isinstance(value, bool)), None)


def _slot_summary(body: Any) -> SlotSummary:
    slot = body if isinstance(body, dict) else {}
    values = slot.get("values")
    return SlotSummary(
        type=_text(slot.get("type")) or "text",
        values=values if isinstance(values, list) else None,
        initial_value=slot.get("initial_value"),
        intents=_mapped(slot, "intent", "not_intent"),
        entities=_mapped(slot, "entity"),
    )


def _triggers(entries: Any) -> list[Trigger]:
    found = [trigger_of(entry) for entry in entries] if isinstance(entries, list) else []
    return [
        Trigger(intent=intent, threshold=threshold or 0.0)
        for intent, threshold in found
        if isinstance(intent, str)
    ]


def _mapped(slot: dict[str, Any], *words: str) -> list[str]:
    mappings = slot.get("mappings")
    named: list[Any] = []
    for mapping in mappings if isinstance(mappings, list) else []:
        for word in words if isinstance(mapping, dict) else ():
            value = mapping.get(word)
            named += value if isinstance(value, list) else [value]
    return list(dict.fromkeys(one for one in named if isinstance(one, str)))


def _nlu_summary(body: Any) -> NluSummary:
    label, name = group_of(body) or ("", "")
    texts = list(example_texts(body)) if isinstance(body, dict) else []
    marks: dict[str, MarkSummary] = {}
    for mark in read_examples([body]).entities:
        summary = marks.setdefault(mark.entity, MarkSummary(count=0, roles=[], groups=[]))
        summary["count"] += 1
        for given, known in ((mark.role, summary["roles"]), (mark.group, summary["groups"])):
            if isinstance(given, str) and given not in known:
                known.append(given)
    return NluSummary(
        label=label,
        name=name,
        count=len(texts),
        first=[text[:_SHOWN_CHARACTERS] for text in texts[:_SHOWN_EXAMPLES]],
        marks=marks,
        unusable=[*_unusable(texts)] if label == "regex" else [],
    )


def _unusable(patterns: list[str]) -> Iterable[str]:
    for pattern in patterns:
        try:
            compile_pattern(pattern)
        except UnusableExpression as error:
            yield f"The pattern “{pattern}” is left out: it {error}."


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
