"""Reads of conversations, as JSON documents of the REST contract."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import reduce
from operator import and_
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.lookups import IsNull
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from studio.accounts.models import User
from studio.accounts.roles import Permission
from studio.assistants.access import only_visible
from studio.assistants.models import Assistant
from studio.common.errors import Invalid, NotFound
from studio.conversations.derive import TEST_CHANNELS
from studio.conversations.models import Conversation, ConversationFlow, Event, Tag

Document = dict[str, Any]
FILTERS = (
    *("assistant", "search", "channel", "test", "flow", "reviewed", "outcome", "tag"),
    *("after", "before"),
)
QUIET = ("stack", "user_featurization", "bot_turn_ended")
# After so long without a word, an open conversation counts as left.
LEFT_AFTER = timedelta(minutes=30)
# Fewer matches than this are all looked up.
_FEW = 1000
# Summaries look at no more conversations than these.
COUNTED = 1000
_TRUTH = {"true": True, "false": False}


def conversations(user: User, filters: Mapping[str, str]) -> QuerySet[Conversation]:
    """Those that `user` may see. `filters` may hold any of FILTERS; see the REST contract."""
    rows = Conversation.objects.select_related("version", "reviewed_by").prefetch_related("tags")
    rows = rows.filter(assistant__deleted_at__isnull=True)
    rows = only_visible(rows, user, Permission.CONVERSATION_VIEW)
    rows = _filtered(rows, filters)
    return rows.order_by("-last_event_at", "-id")


def _filtered(rows: QuerySet[Conversation], filters: Mapping[str, str]) -> QuerySet[Conversation]:
    if filters.get("assistant"):
        rows = rows.filter(assistant=_id(filters["assistant"]))
    channel, test = filters.get("channel"), _truth(filters, "test")
    # Whether it is a test follows from the channel, which the database does not know: it would
    # look for tests among all conversations of a channel that has none.
    if channel:
        rows = rows.filter(channel=channel)
    elif test is not None:
        rows = rows.filter(is_test=test)
    if (reviewed := _truth(filters, "reviewed")) is not None:
        rows = rows.filter(reviewed_at__isnull=not reviewed)
    if filters.get("outcome"):
        rows = rows.filter(_ended_as(filters["outcome"]))
    if filters.get("after"):
        rows = rows.filter(last_event_at__gte=_time(filters, "after"))
    if filters.get("before"):
        rows = rows.filter(last_event_at__lt=_time(filters, "before"))
    if channel and test is not None and test is not (channel in TEST_CHANNELS):
        return rows.none()
    return _matching(rows, filters)


def _matching(rows: QuerySet[Conversation], filters: Mapping[str, str]) -> QuerySet[Conversation]:
    """By what lies in other tables: flow, tag, and what was said.

    What is rare is looked up first, and the rest asked of those few. A list of what is frequent is
    full before long, when one goes from the newest conversation to older ones.
    """
    marks = _marks(filters)
    sets = [_few(mark) for mark in marks]
    frequent = [mark for mark, found in zip(marks, sets, strict=True) if found is None]
    rare = [found for found in sets if found is not None]
    search = filters.get("search", "")
    if search and not rare and (found := _few(_said(search), _of_sender(search))) is not None:
        rare, search = [found], ""
    for found in rare:
        rows = rows.filter(pk__in=found)
    if not search:
        return _having(rows, frequent)
    if rare or not frequent:
        return _having(rows, frequent).filter(_holding(search))
    # Of each row in this order, which a planner does not see: what was said costs most.
    holds = ExpressionWrapper(_holding(search), output_field=BooleanField())
    is_marked = reduce(and_, map(_is_marked, frequent))
    return rows.filter(Case(When(is_marked, then=holds), default=False))


def _is_marked(mark: QuerySet[Any]) -> Q:
    """Not EXISTS, for which the planner may collect all marks that there are."""
    one = mark.filter(conversation=OuterRef("pk")).values("pk")[:1]
    return Q(IsNull(Subquery(one), rhs=False))


def _marks(filters: Mapping[str, str]) -> list[QuerySet[Any]]:
    """Rows that point at the conversations with a flow, or with a tag."""
    marks: list[QuerySet[Any]] = []
    if filters.get("flow"):
        marks.append(ConversationFlow.objects.filter(flow_id=filters["flow"]))
    if filters.get("tag"):
        # Ids, not a join: the planner knows how frequent each is.
        tags = list(Tag.objects.filter(name=filters["tag"]).values_list("pk", flat=True))
        marks.append(Conversation.tags.through.objects.filter(tag__in=tags))
    return marks


def _having(rows: QuerySet[Conversation], marks: Sequence[QuerySet[Any]]) -> QuerySet[Conversation]:
    for mark in marks:
        rows = rows.filter(pk__in=mark.values("conversation"))
    return rows


def _few(*pointers: QuerySet[Any]) -> set[UUID] | None:
    """The conversations that these rows point at; none, when they are many."""
    found: set[UUID] = set()
    count = 0
    for rows in pointers:
        ids = list(rows.order_by().values_list("conversation", flat=True)[: _FEW - count])
        count += len(ids)
        if count >= _FEW:
            return None
        found.update(ids)
    return found


def _said(search: str) -> QuerySet[Event]:
    return Event.objects.filter(type__in=("user", "bot"), text__icontains=search).order_by()


def _of_sender(search: str) -> QuerySet[Any]:
    rows = Conversation.objects.filter(sender_id__icontains=search)
    return rows.annotate(conversation=F("pk"))


def _holding(search: str) -> Q:
    """Sender, or anything that was said: a title was said, too."""
    of_row = _said(search).filter(
        conversation=OuterRef("pk"),
        at__gte=OuterRef("started_at"),
        at__lte=OuterRef("last_event_at"),
    )
    return Q(sender_id__icontains=search) | Q(Exists(of_row))


def _ended_as(outcome: str) -> Q:
    """An open conversation becomes "left" by time alone, as in `outcome_of`."""
    left_before = timezone.now() - LEFT_AFTER
    left = Q(outcome=Conversation.Outcome.OPEN, last_event_at__lt=left_before)
    if outcome == Conversation.Outcome.LEFT:
        return Q(outcome=outcome) | left
    return Q(outcome=outcome) & ~left


def _id(raw: str) -> UUID:
    try:
        return UUID(raw)
    except ValueError as error:
        raise Invalid("assistant must be the id of an assistant.") from error


def _truth(filters: Mapping[str, str], name: str) -> bool | None:
    raw = filters.get(name, "")
    if raw and raw not in _TRUTH:
        raise Invalid(f"{name} must be true or false.")
    return _TRUTH.get(raw)


def _time(filters: Mapping[str, str], name: str) -> Any:
    try:
        moment = parse_datetime(filters[name])
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Invalid(f"{name} must be a time such as 2026-01-31T12:00:00Z.")
    return moment


def conversation_get(user: User, conversation_id: UUID, permission: Permission) -> Conversation:
    """:raises NotFound: it is not there, or of an assistant where `user` lacks `permission`"""
    rows = Conversation.objects.select_related("version", "reviewed_by", "assistant")
    rows = only_visible(rows, user, permission)
    found = rows.filter(pk=conversation_id, assistant__deleted_at__isnull=True).first()
    if found is None:
        raise NotFound("There is no such conversation.")
    return found


def conversation_document(conversation: Conversation) -> Document:
    reviewer = conversation.reviewed_by
    version = conversation.version
    return {
        "id": conversation.pk,
        "sender_id": conversation.sender_id,
        "assistant": conversation.assistant_id,
        "version_number": version.number if version else None,
        "channel": conversation.channel,
        "is_test": conversation.is_test,
        "title": conversation.title,
        "started_at": conversation.started_at,
        "last_event_at": conversation.last_event_at,
        "message_count": conversation.message_count,
        "user_message_count": conversation.user_message_count,
        "outcome": outcome_of(conversation),
        "flows": conversation.flows,
        "language": conversation.language or None,
        "reviewed_at": conversation.reviewed_at,
        "reviewed_by": None if reviewer is None else {"id": reviewer.pk, "name": str(reviewer)},
        "tags": [{"id": tag.pk, "name": tag.name} for tag in conversation.tags.all()],
    }


def detail_document(conversation: Conversation) -> Document:
    return {**conversation_document(conversation), "slots": conversation.slots}


def outcome_of(conversation: Conversation) -> str:
    """An open conversation becomes "left" by time alone, which no event tells."""
    still = timezone.now() - conversation.last_event_at > LEFT_AFTER
    is_open = conversation.outcome == Conversation.Outcome.OPEN
    return Conversation.Outcome.LEFT.value if still and is_open else conversation.outcome


def summary_document(user: User, filters: Mapping[str, str]) -> Document:
    """Of the newest conversations; a total of COUNTED and one means that there are more."""
    rows = conversations(user, filters).select_related(None).prefetch_related(None)
    newest = list(rows.values_list("reviewed_at", "channel", "flows")[: COUNTED + 1])
    return {
        "total": len(newest),
        "unreviewed": sum(reviewed_at is None for reviewed_at, _, _ in newest),
        "channels": sorted({channel for _, channel, _ in newest if channel}),
        "flows": sorted({flow for _, _, flows in newest for flow in flows}),
    }


def events_of(conversation: Conversation, *, quiet: bool) -> QuerySet[Event]:
    """`quiet` leaves out what nobody reads: bookkeeping of the engine."""
    # By their time as well, so that only those months are looked at.
    rows = Event.objects.filter(
        conversation=conversation,
        at__gte=conversation.started_at,
        at__lte=conversation.last_event_at,
    )
    if quiet:
        rows = rows.exclude(type__in=QUIET).exclude(type="action", name="action_listen")
    return rows


def places_of(conversation: Conversation, events: Sequence[Event]) -> dict[int, int]:
    """The place of each of these events among all of its conversation, from 1. Events come late,
    so it is not stored."""
    if not events:
        return {}
    rows = Event.objects.filter(
        conversation=conversation, at__gte=conversation.started_at, at__lte=events[-1].at
    )
    ids = rows.order_by("at", "id").values_list("pk", flat=True)
    return {pk: place for place, pk in enumerate(ids, start=1)}


def event_document(event: Event, position: int) -> Document:
    return {
        "id": event.pk,
        "position": position,
        "event": event.type,
        "at": event.at,
        "text": event.text,
        "name": event.name,
        "value": event.value,
        "flow_id": event.flow_id,
        "step_id": event.step_id,
        "data": event.data,
    }


def tags_in_use(user: User, assistant_id: str, search: str) -> QuerySet[Tag]:
    rows = Tag.objects.filter(assistant__deleted_at__isnull=True, name__icontains=search)
    rows = only_visible(rows, user, Permission.CONVERSATION_VIEW)
    rows = rows.annotate(conversation_count=Count("conversations")).order_by("name")
    return rows.filter(assistant=_id(assistant_id)) if assistant_id else rows


def tag_get(user: User, tag_id: UUID, permission: Permission) -> Tag:
    tag = only_visible(Tag.objects.filter(pk=tag_id), user, permission).first()
    if tag is None:
        raise NotFound("There is no such tag.")
    return tag


def tag_named(assistant: Assistant, name: str) -> Tag:
    tag = Tag.objects.filter(assistant=assistant, name=name).first()
    if tag is None:
        raise NotFound(f"There is no tag “{name}”.")
    return tag


def tag_document(tag: Tag) -> Document:
    """`tags_in_use` counts the conversations."""
    return {
        "id": tag.pk,
        "name": tag.name,
        "assistant": tag.assistant_id,
        "conversation_count": getattr(tag, "conversation_count", 0),
    }
