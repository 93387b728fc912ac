"""Reading the record."""

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.timezone import make_aware

from studio.audit.models import Action, Entry
from studio.common.errors import Invalid

FILTERS = ("action", "actor", "target", "search", "since", "until")
COLUMNS = ("id", "at", "action", "actor_id", "actor", "address", "target_id", "target", "detail")
# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def entries(filters: dict[str, str]) -> QuerySet[Entry]:
    """
    :raises Invalid: an unknown action, or a time that cannot be read
    """
    rows = Entry.objects.order_by("-at", "-id")
    if action := filters.get("action"):
        if action not in Action.values:
            raise Invalid(f"{action!r} is no action. Actions are: {', '.join(Action.values)}.")
        rows = rows.filter(action=action)
    if actor := filters.get("actor"):
        rows = rows.filter(actor=actor)
    if target := filters.get("target"):
        rows = rows.filter(target_id=target)
    for word in filters.get("search", "").split():
        rows = rows.filter(
            Q(actor__icontains=word) | Q(target__icontains=word) | Q(address__startswith=word)
        )
    if since := filters.get("since"):
        rows = rows.filter(at__gte=_moment("since", since))
    if until := filters.get("until"):
        rows = rows.filter(at__lt=_moment("until", until))
    return rows


def entry_document(entry: Entry) -> dict[str, Any]:
    return {column: getattr(entry, column) for column in COLUMNS}


def as_csv(rows: QuerySet[Entry]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for entry in rows.iterator():
        document = _plain(entry)
        document["detail"] = json.dumps(document["detail"], ensure_ascii=False)
        yield writer.writerow([_cell(document[column]) for column in COLUMNS])


def as_json(rows: QuerySet[Entry]) -> Iterator[str]:
    """A list, an entry a line."""
    before = "[\n"
    for entry in rows.iterator():
        yield before + json.dumps(_plain(entry), ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _plain(entry: Entry) -> dict[str, Any]:
    document = entry_document(entry)
    document["at"] = entry.at.isoformat()
    document["actor_id"] = str(entry.actor_id or "")
    return document


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _moment(name: str, text: str) -> datetime:
    try:
        moment = parse_datetime(text if "T" in text else f"{text}T00:00:00")
    except ValueError:
        moment = None
    if moment is None:
        raise Invalid(f"{name}: {text!r} is no time. Write 2026-01-31 or 2026-01-31T18:00:00Z.")
    return moment if moment.tzinfo else make_aware(moment)


class _Echo:
    """What a CSV writer writes into: gives the line back."""

    @staticmethod
    def write(line: str) -> str:
        return line
