"""What an assistant is taught to understand: intents, entities, lists of words, their examples.

Lists are made of summaries alone. An intent or entity that the training data name and the domain
does not list is told as well, at revision 0.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from modelservice.project.checks.content import FLOW_KINDS
from modelservice.project.model import Kind
from modelservice.project.nlu_editing import IntentExamples
from studio.common.errors import NotFound
from studio.content.models import Branch, Item
from studio.content.selectors.documents import person
from studio.content.selectors.lists import Listed, common, found, listed

Row = dict[str, Any]
LIST_LABELS = ("synonym", "lookup", "regex")
_NOT_LISTED: Row = {"revision": 0, "updated_at": None, "updated_by": None}


class Entries(NamedTuple):
    """The entries of the training data that one intent's examples stand in, in their order."""

    items: list[Item]
    examples: IntentExamples


def intent_list(branch: Branch, *, search: str = "", deleted: bool = False) -> list[Row]:
    """`flows` are those that it starts, `slots` those that its mappings look at."""
    if deleted:
        rows = [_intent(item, 0, [], []) for item in listed(branch, Kind.INTENT, deleted=True)]
        return [row for row in rows if found(search, row, "id")]
    flows, slots = flows_by_intent(branch), slots_by(branch, "intents")
    counts: dict[str, int] = defaultdict(int)
    for summary in _nlu_summaries(branch):
        if summary.get("label") == "intent":
            counts[summary["name"]] += summary["count"]
    known = {item.key: item for item in listed(branch, Kind.INTENT, deleted=False)}
    names = sorted({*known, *counts})
    rows = [
        _intent(known.get(name, name), counts.get(name, 0), flows[name], slots[name])
        for name in names
    ]
    return [row for row in rows if found(search, row, "id")]


def _intent(item: Listed | str, count: int, flows: list[Row], slots: list[str]) -> Row:
    name, stamp = (item, _NOT_LISTED) if isinstance(item, str) else (item.key, common(item))
    return {"id": name, "example_count": count, "flows": flows, "slots": slots, **stamp}


def entity_list(branch: Branch, *, search: str = "", deleted: bool = False) -> list[Row]:
    """`slots` are those that are filled from it, `lists` those that hold values of it."""
    rows = []
    marks: dict[str, Row] = {}
    lists: dict[str, list[str]] = defaultdict(list)
    slots = slots_by(branch, "entities")
    for summary in [] if deleted else _nlu_summaries(branch):
        for name, mark in summary.get("marks", {}).items():
            of_entity = marks.setdefault(name, _unmarked())
            if summary.get("label") == "intent":
                of_entity["intents"].append(summary["name"])
            of_entity["count"] += mark["count"]
            for word in ("roles", "groups"):
                of_entity[word] = list(dict.fromkeys([*of_entity[word], *mark[word]]))
        if summary.get("label") in {"lookup", "regex"}:
            lists[summary["name"]].append(summary["label"])
    known = {item.key: item for item in listed(branch, Kind.ENTITY, deleted=deleted)}
    for name in sorted({*known, *marks}):
        mark = marks.get(name, _unmarked())
        rows.append(
            {
                "id": name,
                "mark_count": mark["count"],
                "intents": sorted(set(mark["intents"])),
                "roles": sorted(mark["roles"]),
                "groups": sorted(mark["groups"]),
                "lists": sorted(set(lists.get(name, []))),
                "slots": [] if deleted else slots[name],
                **(common(known[name]) if name in known else _NOT_LISTED),
            }
        )
    return [row for row in rows if found(search, row, "id", "roles")]


def _unmarked() -> Row:
    return {"count": 0, "roles": [], "groups": [], "intents": []}


def word_lists(branch: Branch, *, search: str = "", deleted: bool = False) -> list[Row]:
    """Synonyms, look-ups and patterns."""
    rows = [
        {
            "id": item.key,
            "kind": item.summary["label"],
            "name": item.summary["name"],
            "count": item.summary["count"],
            "first": item.summary["first"],
            "problems": item.summary["unusable"],
            **common(item),
        }
        for item in listed(branch, Kind.NLU, deleted=deleted)
        if item.summary.get("label") in LIST_LABELS
    ]
    return [row for row in rows if found(search, row, "name", "kind", "first")]


def flows_by_intent(branch: Branch) -> dict[str, list[Row]]:
    """Flows that an intent starts, with the threshold; the newest name of each."""
    rows = Item.objects.filter(branch=branch, kind__in=FLOW_KINDS).order_by("key")
    flows: dict[str, list[Row]] = defaultdict(list)
    for key, summary in rows.values_list("key", "summary"):
        for trigger in summary.get("triggers", []):
            flows[trigger["intent"]].append(
                {"flow": key, "flow_name": summary["name"], "threshold": trigger["threshold"]}
            )
    return flows


def slots_by(branch: Branch, word: str) -> dict[str, list[str]]:
    """Slots whose mappings look at each of the "intents" or "entities"."""
    rows = Item.objects.filter(branch=branch, kind=Kind.SLOT).order_by("key")
    slots: dict[str, list[str]] = defaultdict(list)
    for key, summary in rows.values_list("key", "summary"):
        for name in summary.get(word, []):
            slots[name].append(key)
    return slots


def intent_exists(branch: Branch, name: str) -> bool:
    listed_there = Item.objects.filter(branch=branch, kind=Kind.INTENT, key=name).exists()
    return listed_there or bool(nlu_items(branch, "intent", name))


def entity_exists(branch: Branch, name: str) -> bool:
    listed_there = Item.objects.filter(branch=branch, kind=Kind.ENTITY, key=name).exists()
    return listed_there or is_marked(branch, name)


def is_marked(branch: Branch, name: str) -> bool:
    """Whether an example marks the entity."""
    return any(name in summary.get("marks", {}) for summary in _nlu_summaries(branch))


def entries_of_intent(branch: Branch, intent: str) -> Entries:
    items = nlu_items(branch, "intent", intent)
    return Entries(items, IntentExamples(intent, [item.blob.body for item in items]))


def intent_document(branch: Branch, intent: str) -> Row:
    """
    :raises NotFound: neither the domain nor the training data name it
    """
    rows = listed(branch, Kind.INTENT, deleted=False, keys=[intent])
    entries = entries_of_intent(branch, intent)
    if not rows and not entries.items:
        raise NotFound(f"There is no intent “{intent}”.")
    texts = entries.examples.texts()
    row = _intent(
        rows[0] if rows else intent,
        len(texts),
        flows_by_intent(branch)[intent],
        slots_by(branch, "intents")[intent],
    )
    stamp = max(entries.items, key=lambda item: item.updated_at, default=None)
    newest = {} if stamp is None else _stamp(stamp, row)
    return {**row, **newest, "examples": texts}


def _stamp(item: Item, row: Row) -> Row:
    """Who changed the examples last, if nobody changed the intent itself after that."""
    if row["updated_at"] is not None and row["updated_at"] > item.updated_at:
        return {}
    by = item.updated_by
    return {"updated_at": item.updated_at, "updated_by": None if by is None else person(by)}


def examples_by_intent(branch: Branch) -> dict[str, list[str]]:
    """All of them, as they are written."""
    rows = Item.objects.filter(branch=branch, kind=Kind.NLU).order_by("position")
    by_intent: dict[str, list[Any]] = defaultdict(list)
    for body in rows.values_list("blob__body", flat=True):
        if isinstance(body, dict) and isinstance(body.get("intent"), str):
            by_intent[body["intent"]].append(body)
    return {name: IntentExamples(name, bodies).texts() for name, bodies in by_intent.items()}


def nlu_items(branch: Branch, label: str, name: str) -> list[Item]:
    """The entries of that label and name, with their blobs, in their order."""
    # An item's key begins with its label and name, and may go on with a number.
    rows = Item.objects.filter(branch=branch, kind=Kind.NLU, key__startswith=f"{label}:{name}")
    rows = rows.select_related("blob", "blob__base", "updated_by").order_by("position")
    return [item for item in rows if _is_of(item.summary, label, name)]


def _is_of(summary: Row, label: str, name: str) -> bool:
    return bool(summary.get("label") == label and summary.get("name") == name)


def _nlu_summaries(branch: Branch) -> Iterable[Row]:
    rows = Item.objects.filter(branch=branch, kind=Kind.NLU).order_by("position")
    return rows.values_list("summary", flat=True)
