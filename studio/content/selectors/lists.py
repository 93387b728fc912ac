"""Lists of content. Filters run on summaries, so a list never reads bodies."""

from datetime import datetime
from typing import Any, NamedTuple

from modelservice.project.model import Kind
from studio.accounts.models import User
from studio.content.derive import derive
from studio.content.models import Branch, Item
from studio.content.selectors.documents import person
from studio.content.selectors.references import places_by_name, places_of
from studio.content.selectors.revisions import removed_entries

Row = dict[str, Any]
FLOW_ORDERINGS = ("updated_at", "name", "id", "step_count", "error_count")


class _Listed(NamedTuple):
    key: str
    summary: Row
    revision: int
    errors: int
    warnings: int
    updated_at: datetime
    updated_by: Row | None


def flow_list(
    branch: Branch,
    *,
    kind: Kind = Kind.FLOW,
    search: str = "",
    state: str = "",
    ordering: str = "-updated_at",
    deleted: bool = False,
) -> list[Row]:
    places = {} if deleted else places_of(branch, "links", "calls")
    linked, called = places.get("links", {}), places.get("calls", {})
    rows = []
    for item in _listed(branch, kind, deleted=deleted):
        summary = item.summary
        row = {
            "id": item.key,
            "name": summary["name"],
            "description": summary["description"],
            "step_count": summary["step_count"],
            "linked_from": linked.get(item.key, []),
            "called_from": called.get(item.key, []),
            "error_count": item.errors,
            "warning_count": item.warnings,
            "slots": list(dict.fromkeys(entry["name"] for entry in summary["slots"])),
            "guard": summary["guard"],
            **_common(item),
        }
        if _in_state(row, state) and found(search, row, "id", "name", "description", "slots"):
            rows.append(row)
    return _ordered(rows, ordering)


def response_list(branch: Branch, *, search: str = "", deleted: bool = False) -> list[Row]:
    places = places_by_name(branch, "texts")
    rows = [
        {
            "id": item.key,
            "variation_count": item.summary["variation_count"],
            "text": item.summary["text"],
            "used_in": places.get(item.key, []),
            **_common(item),
        }
        for item in _listed(branch, Kind.RESPONSE, deleted=deleted)
    ]
    return [row for row in rows if found(search, row, "id", "text")]


def slot_list(branch: Branch, *, search: str = "", deleted: bool = False) -> list[Row]:
    places = places_by_name(branch, "slots")
    rows = [
        {
            "id": item.key,
            **item.summary,
            "used_in": places.get(item.key, []),
            **_common(item),
        }
        for item in _listed(branch, Kind.SLOT, deleted=deleted)
    ]
    return [row for row in rows if found(search, row, "id", "type", "values")]


def named_list(branch: Branch, kind: Kind, *, search: str = "", deleted: bool = False) -> list[Row]:
    """Actions, intents, entities, prompts: a name and where flows use it."""
    places = places_by_name(branch, "texts") if kind is Kind.ACTION else {}
    rows = [
        {"id": item.key, "used_in": places.get(item.key, []), **_common(item)}
        for item in _listed(branch, kind, deleted=deleted)
    ]
    return [row for row in rows if found(search, row, "id")]


def button_list(branch: Branch, *, search: str = "") -> list[Row]:
    """Every button of every response."""
    rows = []
    responses = Item.objects.filter(branch=branch, kind=Kind.RESPONSE, summary__buttons__gt=0)
    for key, body in responses.order_by("key").values_list("key", "blob__body"):
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


def link_list(branch: Branch, *, search: str = "") -> list[Row]:
    """Every link and call between flows."""
    rows = []
    found_places = places_of(branch, "links", "calls")
    for relation, kind in (("links", "link"), ("calls", "call")):
        for target, places in found_places[relation].items():
            for place in places:
                row = {"kind": kind, "target": target, **place}
                if found(search, row, "target", "flow", "flow_name"):
                    rows.append(row)
    return sorted(rows, key=lambda row: (row["flow"], row["target"]))


def _listed(branch: Branch, kind: Kind, *, deleted: bool) -> list[_Listed]:
    """Rows, not model instances: a list may have thousands of them."""
    if deleted:
        return _deleted(branch, kind)
    rows = Item.objects.filter(branch=branch, kind=kind).order_by("key")
    columns = ("key", "summary", "revision", "error_count", "warning_count", "updated_at")
    found = list(rows.values_list(*columns, "updated_by_id"))
    people = User.objects.in_bulk({row[-1] for row in found if row[-1]})
    return [
        _Listed._make((*row[:6], person(people.get(row[6])) if row[6] else None)) for row in found
    ]


def _deleted(branch: Branch, kind: Kind) -> list[_Listed]:
    rows = []
    for before, removal in removed_entries(branch, kind):
        body = before.blob.body if before.blob is not None else None
        summary = derive(kind.value, before.key, body).summary
        commit = removal.commit
        rows.append(
            _Listed(before.key, summary, removal.number, 0, 0, commit.at, person(commit.author))
        )
    return sorted(rows, key=lambda row: row.key)


def _common(item: _Listed) -> Row:
    return {
        "revision": item.revision,
        "updated_at": item.updated_at,
        "updated_by": item.updated_by,
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
    elif field in FLOW_ORDERINGS:
        rows.sort(key=lambda row: row[field], reverse=ordering.startswith("-"))
    return rows
