"""Conversations as bots published them, for programs (`rawConversations`)."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import NamedTuple
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from studio.assistants.models import Assistant
from studio.common.errors import Invalid
from studio.conversations.models import Conversation, Event, Tag
from studio.conversations.selectors.conversations import conversation_document

MOST = 1000
_TOGETHER = 2000
_BATCH = 100


class RawPage(NamedTuple):
    """`total` is of all that fit the filters, not of this page."""

    rows: list[Conversation]
    total: int


def raw_conversations(
    assistant: Assistant,
    *,
    since: datetime | None,
    until: datetime | None,
    tags: Collection[str],
    limit: int,
    offset: int,
) -> RawPage:
    """The newest first; of those that said anything between `since` and `until`, with any of the
    tags."""
    if not 0 < limit <= MOST or offset < 0:
        raise Invalid(f"limit is from 1 to {MOST}, and offset not below 0.")
    rows = Conversation.objects.filter(assistant=assistant)
    if since is not None:
        rows = rows.filter(last_event_at__gte=since)
    if until is not None:
        rows = rows.filter(started_at__lte=until)
    if tags:
        rows = rows.filter(tags__name__in=tags).distinct()
    page = list(
        rows.prefetch_related("tags").order_by("-last_event_at", "-id")[offset : offset + limit]
    )
    return RawPage(page, rows.count())


def events_as_json(rows: Sequence[Conversation]) -> Iterator[Iterator[str]]:
    """The events of each of these, the oldest first, as the JSON that is stored.

    Not more than `_TOGETHER` events are held at a time. Each must be read before the next.
    """
    for group in _groups(rows):
        if len(group) == 1:
            yield (text for _id, text in _texts(group).iterator(_TOGETHER))
        else:
            found = defaultdict(list)
            for conversation, text in _texts(group):
                found[conversation].append(text)
            yield from (iter(found[row.pk]) for row in group)


def _groups(rows: Iterable[Conversation]) -> Iterator[list[Conversation]]:
    """Neighbours that have few events together; a conversation of many is alone."""
    group: list[Conversation] = []
    size = 0
    for row in rows:
        if group and size + row.event_count > _TOGETHER:
            yield group
            group, size = [], 0
        group.append(row)
        size += row.event_count
    if group:
        yield group


def _texts(rows: Sequence[Conversation]) -> QuerySet[Event, tuple[UUID, str]]:
    # By their time as well, so that only those months are looked at.
    found = Event.objects.filter(
        conversation__in=[row.pk for row in rows],
        at__gte=min(row.started_at for row in rows),
        at__lte=max(row.last_event_at for row in rows),
    )
    return found.order_by("at", "id").values_list("conversation", Cast("data", TextField()))


def as_json_lines(rows: QuerySet[Conversation]) -> Iterator[Iterator[str]]:
    """A line for each, in pieces: what lists show of it, and all its `events` as bots published
    them. Each must be read before the next."""
    found = rows.iterator(chunk_size=_BATCH)
    while some := list(islice(found, _BATCH)):
        for row, events in zip(some, events_as_json(some), strict=True):
            document = json.dumps(
                conversation_document(row), ensure_ascii=False, cls=DjangoJSONEncoder
            )
            begins = f'{document.removesuffix("}")}, "events": ['
            yield chain([begins], _with_commas(events), ["]}\n"])


def _with_commas(texts: Iterator[str]) -> Iterator[str]:
    yield from islice(texts, 1)
    yield from (f", {text}" for text in texts)


def tags_of(assistant: Assistant) -> QuerySet[Tag]:
    return Tag.objects.filter(assistant=assistant).order_by("name")
