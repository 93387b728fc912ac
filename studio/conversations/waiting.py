"""Events of assistants that Studio does not know: they wait, and are seen waiting."""

from collections import defaultdict
from collections.abc import Sequence

import orjson
from django.db.models import Count, Max, Min

from studio.conversations.incoming_rows import IncomingEvent, incoming
from studio.conversations.models import WaitingEvent
from studio.conversations.routing import Route, Router, assistant_named

_BATCH = 500


def keep(source_id: int, events: Sequence[tuple[str, IncomingEvent]]) -> None:
    WaitingEvent.objects.bulk_create(
        (
            WaitingEvent(
                assistant_name=name,
                source_id=source_id,
                source_offset=event.offset,
                data=event.body,
            )
            for name, event in events
        ),
        ignore_conflicts=True,
        batch_size=_BATCH,
    )


def adoptable() -> list[int]:
    """Ids of some events whose assistant is known now, oldest first."""
    names = WaitingEvent.objects.order_by().values_list("assistant_name", flat=True).distinct()
    for name in names:
        if assistant_named(name) is not None:
            rows = WaitingEvent.objects.filter(assistant_name=name).order_by("id")
            return list(rows.values_list("pk", flat=True)[:_BATCH])
    return []


def take(ids: Sequence[int]) -> dict[int, list[tuple[Route, IncomingEvent]]]:
    """These events, by source, no longer waiting. Those that still have no assistant stay."""
    routers: dict[int, Router] = {}
    taken: dict[int, list[tuple[Route, IncomingEvent]]] = defaultdict(list)
    done = []
    rows = WaitingEvent.objects.select_for_update().filter(pk__in=ids).order_by("id")
    for row in rows.select_related("source"):
        router = routers.setdefault(row.source_id, Router(row.source.name))
        route = router.route(row.data)
        if isinstance(route, Route):
            text = orjson.dumps(row.data).decode()
            taken[row.source_id].append((route, incoming(row.source_offset, row.data, text)))
            done.append(row.pk)
    WaitingEvent.objects.filter(pk__in=done).delete()
    return taken


def waiting_by_assistant() -> list[dict[str, object]]:
    """For people: how many events wait for which name, and since when."""
    rows = WaitingEvent.objects.order_by().values("assistant_name")
    counted = rows.annotate(count=Count("id"), first=Min("at"), last=Max("at"))
    return [
        {
            "assistant_name": row["assistant_name"],
            "event_count": row["count"],
            "waiting_since": row["first"],
            "newest_at": row["last"],
        }
        for row in counted.order_by("-count")
    ]
