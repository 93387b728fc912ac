"""Lists of content. Filters run on summaries, so a list never reads bodies."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from modelservice.project.checks.defaults import RESPONSES
from modelservice.project.model import Kind
from studio.accounts.models import User
from studio.content.derive import derive
from studio.content.models import Branch, Item
from studio.content.selectors.documents import person
from studio.content.selectors.references import Places, distinct, places_by_name, places_of
from studio.content.selectors.revisions import removed_entries
from studio.content.summaries import SLOT_RELATIONS, ResponseSummary, slots_of

Row = dict[str, Any]
_BATCH = 500
_SLOT_COLUMNS = ("type", "values", "initial_value")
_RESPONSE_COLUMNS = tuple(ResponseSummary.__annotations__)
FLOW_ORDERINGS = ("updated_at", "name", "id", "step_count", "error_count")


class Listed(NamedTuple):
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
    for item in listed(branch, kind, deleted=deleted):
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
            "slots": slots_of(summary),
            "guard": summary["guard"],
            **common(item),
        }
        if _in_state(row, state) and found(search, row, "id", "name", "description", "slots"):
            rows.append(row)
    return _ordered(rows, ordering)


def response_list(branch: Branch, *, search: str = "", deleted: bool = False) -> list[Row]:
    """Those of the assistant; `origin` says which of them stand in place of the runtime's."""
    rows = response_rows(listed(branch, Kind.RESPONSE, deleted=deleted), places_of(branch, "texts"))
    return [row for row in rows if found(search, row, "id", "text", "words")]


def some_responses(branch: Branch, keys: Sequence[str]) -> list[Row]:
    """Those of the assistant that have these names."""
    rows: list[Row] = []
    for start in range(0, len(keys), _BATCH):
        some = keys[start : start + _BATCH]
        items = listed(branch, Kind.RESPONSE, deleted=False, keys=some)
        rows += response_rows(items, places_of(branch, "texts", names=some))
    return rows


def response_rows(items: Iterable[Listed], places: dict[str, Places]) -> list[Row]:
    return [
        response_row(item.key, item.summary)
        | {
            "origin": "customised" if item.key in RESPONSES else "own",
            "used_in": places["texts"].get(item.key, []),
            "error_count": item.errors,
            "warning_count": item.warnings,
            **common(item),
        }
        for item in items
    ]


def response_row(key: str, summary: Row) -> Row:
    return {"id": key, **{name: summary[name] for name in _RESPONSE_COLUMNS}}


def slot_list(branch: Branch, *, search: str = "", deleted: bool = False) -> list[Row]:
    """`used_in` are steps that ask for the slot, set it or read it; the counts tell which."""
    places = places_of(branch, *SLOT_RELATIONS)
    rows = []
    for item in listed(branch, Kind.SLOT, deleted=deleted):
        found_places = {relation: places[relation].get(item.key, []) for relation in SLOT_RELATIONS}
        row = {
            "id": item.key,
            **{name: item.summary[name] for name in _SLOT_COLUMNS},
            "used_in": distinct(found_places.values()),
            **{f"{relation}_count": len(found_places[relation]) for relation in SLOT_RELATIONS},
            "error_count": item.errors,
            "warning_count": item.warnings,
            **common(item),
        }
        rows.append(row)
    return [row for row in rows if found(search, row, "id", "type", "values")]


def named_list(branch: Branch, kind: Kind, *, search: str = "", deleted: bool = False) -> list[Row]:
    """Actions, prompts: a name and where flows use it."""
    places = places_by_name(branch, "texts") if kind is Kind.ACTION else {}
    rows = [
        {"id": item.key, "used_in": places.get(item.key, []), **common(item)}
        for item in listed(branch, kind, deleted=deleted)
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


def listed(
    branch: Branch, kind: Kind, *, deleted: bool, keys: Collection[str] | None = None
) -> list[Listed]:
    """Rows, not model instances: a list may have thousands of them. `keys` limits them to some."""
    if deleted:
        return _deleted(branch, kind)
    rows = Item.objects.filter(branch=branch, kind=kind).order_by("key")
    if keys is not None:
        rows = rows.filter(key__in=keys)
    columns = ("key", "summary", "revision", "error_count", "warning_count", "updated_at")
    found = list(rows.values_list(*columns, "updated_by_id"))
    people = User.objects.in_bulk({row[-1] for row in found if row[-1]})
    return [
        Listed._make((*row[:6], person(people.get(row[6])) if row[6] else None)) for row in found
    ]


def _deleted(branch: Branch, kind: Kind) -> list[Listed]:
    rows = []
    for before, removal in removed_entries(branch, kind):
        body = before.blob.body if before.blob is not None else None
        summary = derive(kind.value, before.key, body).summary
        commit = removal.commit
        rows.append(
            Listed(before.key, summary, removal.number, 0, 0, commit.at, person(commit.author))
        )
    return sorted(rows, key=lambda row: row.key)


def common(item: Listed) -> Row:
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
