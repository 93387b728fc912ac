"""Lists of content. Filters run on summaries, so a list never reads bodies."""

from datetime import datetime
from typing import Any, NamedTuple

from modelservice.project.model import Kind
from studio.accounts.models import User
from studio.assistants.models import Assistant, Primitive
from studio.assistants.selectors.documents import person
from studio.assistants.selectors.references import places_by_name
from studio.assistants.selectors.validation import problem_counts

Row = dict[str, Any]


class _Listed(NamedTuple):
    key: str
    summary: Row
    revision: int
    updated_at: datetime
    updated_by: Row | None


def flow_list(
    assistant: Assistant,
    *,
    kind: Kind = Kind.FLOW,
    search: str = "",
    state: str = "",
    ordering: str = "-updated_at",
    deleted: bool = False,
) -> list[Row]:
    counts = {} if deleted else problem_counts(assistant)
    linked = places_by_name(assistant.pk, "links")
    called = places_by_name(assistant.pk, "calls")
    rows = []
    for primitive in _primitives(assistant, kind, deleted=deleted):
        errors, warnings = counts.get((kind.value, primitive.key), (0, 0))
        summary = primitive.summary
        row = {
            "id": primitive.key,
            "name": summary["name"],
            "description": summary["description"],
            "step_count": summary["step_count"],
            "linked_from": linked.get(primitive.key, []),
            "called_from": called.get(primitive.key, []),
            "error_count": errors,
            "warning_count": warnings,
            "slots": list(dict.fromkeys(entry["name"] for entry in summary["slots"])),
            "guard": summary["guard"],
            **_common(primitive),
        }
        if _in_state(row, state) and found(search, row, "id", "name", "description", "slots"):
            rows.append(row)
    return _ordered(rows, ordering)


def response_list(assistant: Assistant, *, search: str = "", deleted: bool = False) -> list[Row]:
    places = places_by_name(assistant.pk, "texts")
    rows = [
        {
            "id": primitive.key,
            "variation_count": primitive.summary["variation_count"],
            "text": primitive.summary["text"],
            "used_in": places.get(primitive.key, []),
            **_common(primitive),
        }
        for primitive in _primitives(assistant, Kind.RESPONSE, deleted=deleted)
    ]
    return [row for row in rows if found(search, row, "id", "text")]


def slot_list(assistant: Assistant, *, search: str = "", deleted: bool = False) -> list[Row]:
    places = places_by_name(assistant.pk, "slots")
    rows = [
        {
            "id": primitive.key,
            **primitive.summary,
            "used_in": places.get(primitive.key, []),
            **_common(primitive),
        }
        for primitive in _primitives(assistant, Kind.SLOT, deleted=deleted)
    ]
    return [row for row in rows if found(search, row, "id", "type", "values")]


def named_list(
    assistant: Assistant, kind: Kind, *, search: str = "", deleted: bool = False
) -> list[Row]:
    """Actions, intents, entities, prompts: a name and where flows use it."""
    places = places_by_name(assistant.pk, "texts") if kind is Kind.ACTION else {}
    rows = [
        {"id": primitive.key, "used_in": places.get(primitive.key, []), **_common(primitive)}
        for primitive in _primitives(assistant, kind, deleted=deleted)
    ]
    return [row for row in rows if found(search, row, "id")]


def button_list(assistant: Assistant, *, search: str = "") -> list[Row]:
    """Every button of every response."""
    rows = []
    responses = Primitive.objects.filter(
        assistant=assistant, kind=Kind.RESPONSE, deleted_at__isnull=True, summary__buttons__gt=0
    )
    for key, body in responses.values_list("key", "body"):
        for variation, entry in enumerate(body):
            for index, button in enumerate(entry.get("buttons") or ()):
                row = {
                    "response": key,
                    "variation": variation,
                    "index": index,
                    "title": str(button.get("title", "")),
                    "payload": str(button.get("payload", "")),
                }
                if found(search, row, "response", "title", "payload"):
                    rows.append(row)
    return rows


def link_list(assistant: Assistant, *, search: str = "") -> list[Row]:
    """Every link and call between flows."""
    rows = []
    for relation, kind in (("links", "link"), ("calls", "call")):
        for target, places in places_by_name(assistant.pk, relation).items():
            for place in places:
                row = {"kind": kind, "target": target, **place}
                if found(search, row, "target", "flow", "flow_name"):
                    rows.append(row)
    return sorted(rows, key=lambda row: (row["flow"], row["target"]))


def _primitives(assistant: Assistant, kind: Kind, *, deleted: bool) -> list[_Listed]:
    """Rows, not model instances: a list may have thousands of them."""
    rows = Primitive.objects.filter(assistant=assistant, kind=kind, deleted_at__isnull=not deleted)
    columns = ("key", "summary", "revision", "updated_at", "updated_by_id")
    found = list(rows.order_by("key").values_list(*columns))
    people = User.objects.in_bulk({row[-1] for row in found if row[-1]})
    return [
        _Listed(key, summary, revision, updated_at, person(people.get(user)) if user else None)
        for key, summary, revision, updated_at, user in found
    ]


def _common(primitive: _Listed) -> Row:
    return {
        "revision": primitive.revision,
        "updated_at": primitive.updated_at,
        "updated_by": primitive.updated_by,
    }


def _in_state(row: Row, state: str) -> bool:
    errors, warnings = row["error_count"], row["warning_count"]
    states = {"errors": errors > 0, "warnings": warnings > 0, "ready": errors == 0}
    return bool(states.get(state, True))


def found(search: str, row: Row, *fields: str) -> bool:
    """Every word of the search is somewhere in the fields."""
    if not search:
        return True
    text = " ".join(str(row[field]) for field in fields).casefold()
    return all(word in text for word in search.casefold().split())


def _ordered(rows: list[Row], ordering: str) -> list[Row]:
    field = ordering.lstrip("-")
    if field == "name":
        rows.sort(key=lambda row: row["name"].casefold(), reverse=ordering.startswith("-"))
    elif field in {"updated_at", "id", "step_count", "error_count"}:
        rows.sort(key=lambda row: row[field], reverse=ordering.startswith("-"))
    return rows
