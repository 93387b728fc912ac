"""Conversations and their events, derived from what bots publish; and their review."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from studio.assistants.models import Assistant
from studio.common.fields import OrderedJSONField
from studio.versions.models import Version


class Tag(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["assistant", "name"], name="tag_once")]

    def __str__(self) -> str:
        return self.name


class Conversation(models.Model):
    """What one sender and one assistant said; everything but the review is derived from events."""

    class Outcome(models.TextChoices):
        OPEN = "open"
        COMPLETED = "completed"
        CANCELLED = "cancelled"
        HANDED_OVER = "handed_over"
        ERROR = "error"
        LEFT = "left"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="conversations")
    sender_id = models.CharField(max_length=255)
    version = models.ForeignKey(
        Version, null=True, on_delete=models.SET_NULL, related_name="conversations"
    )
    channel = models.CharField(max_length=100, blank=True)
    is_test = models.BooleanField(default=False)
    language = models.CharField(max_length=35, blank=True)
    title = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField()
    last_event_at = models.DateTimeField()
    event_count = models.PositiveIntegerField(default=0)
    message_count = models.PositiveIntegerField(default=0)
    user_message_count = models.PositiveIntegerField(default=0)
    # When something was last written to it: pages that are open ask by this.
    changed_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, default=Outcome.OPEN)
    flows = models.JSONField(default=list)
    open_flows = models.JSONField(default=list)
    slots = models.JSONField(default=dict)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    tags = models.ManyToManyField(Tag, related_name="conversations")

    class Meta:
        ordering = ["-last_event_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["assistant", "sender_id"], name="conversation_once")
        ]
        indexes = [
            models.Index(fields=["assistant", "-last_event_at", "-id"], name="conversation_newest"),
            models.Index(fields=["-last_event_at", "-id"], name="conversation_newest_of_all"),
            models.Index(fields=["sender_id"], name="conversation_of_sender"),
            models.Index(fields=["changed_at"], name="conversation_changed"),
            models.Index(fields=["started_at"], name="conversation_started"),
            # For lists of what is rare. For the search, 0005 and 0007 make more on PostgreSQL.
            models.Index(
                fields=["assistant", "channel", "-last_event_at", "-id"],
                name="conversation_channel",
            ),
            models.Index(
                fields=["assistant", "-last_event_at", "-id"],
                name="conversation_reviewed",
                condition=Q(reviewed_at__isnull=False),
            ),
            models.Index(
                fields=["assistant", "-last_event_at", "-id"],
                name="conversation_test",
                condition=Q(is_test=True),
            ),
        ]

    def __str__(self) -> str:
        return self.sender_id


class ConversationFlow(models.Model):
    """That a flow was started in a conversation: makes "conversations with this flow" quick."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    flow_id = models.CharField(max_length=255)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["flow_id", "conversation"], name="conversation_flow_once"
            )
        ]

    def __str__(self) -> str:
        return self.flow_id


class Session(models.Model):
    """A stretch of a conversation: a bot starts a new one after a pause."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="sessions"
    )
    session_id = models.CharField(max_length=255)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "session_id"], name="session_once")
        ]

    def __str__(self) -> str:
        return self.session_id


class EventSource(models.Model):
    """Where events come from, and how far it was read: a file, or a partition of a topic.

    A file that was replaced or cut, and a topic that was made anew, are new sources: `identity`
    tells them apart. `offset` is written in the transaction of the rows, so that a crash loses
    nothing and doubles nothing.
    """

    name = models.CharField(max_length=1000)
    identity = models.CharField(max_length=100)
    offset = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "identity"], name="event_source_once")
        ]

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    """One event of a bot. `data` is what it published; the other columns are read from it.

    Its place in the conversation is by time, then by arrival: events may come late. On PostgreSQL
    the table is partitioned by the month of `at`.
    """

    id = models.BigAutoField(primary_key=True)
    # Without an index of its own: `event_once` begins with it.
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="events", db_index=False
    )
    type = models.CharField(max_length=64)
    at = models.DateTimeField()
    text = models.TextField(null=True)  # noqa: DJ001  a message without text is not an empty one
    name = models.CharField(max_length=500, null=True)  # noqa: DJ001
    value: "models.Field[Any, Any]" = OrderedJSONField(null=True)
    flow_id = models.CharField(max_length=255, null=True)  # noqa: DJ001
    step_id = models.CharField(max_length=500, null=True)  # noqa: DJ001
    data: "models.Field[Any, Any]" = OrderedJSONField()
    # Of what the bot published: bots publish an event again when they do not know that it arrived.
    # Null in rows that are older than the column.
    fingerprint = models.BigIntegerField(null=True)
    # No constraint in the database: sources are never deleted, and each event would be looked up.
    source = models.ForeignKey(
        EventSource, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    source_offset = models.BigIntegerField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "at", "fingerprint"], name="event_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.id}"


class DeadLetter(models.Model):
    """Something that a bot published and that could not be stored, with the reason."""

    class Status(models.TextChoices):
        KEPT = "kept"
        REPLAYED = "replayed"
        DISCARDED = "discarded"

    source = models.ForeignKey(EventSource, on_delete=models.CASCADE, related_name="dead_letters")
    source_offset = models.BigIntegerField()
    payload = models.BinaryField()
    reason = models.CharField(max_length=500)
    at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.KEPT)
    # When it went to the dead-letter topic; null: it has still to go there.
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "source_offset"], name="dead_letter_once")
        ]
        indexes = [
            models.Index(
                fields=["id"], name="dead_letter_to_publish", condition=Q(published_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.reason


class WaitingEvent(models.Model):
    """An event of an assistant that Studio does not know (yet); it is taken in when it does."""

    assistant_name = models.CharField(max_length=255)
    source = models.ForeignKey(EventSource, on_delete=models.CASCADE, related_name="+")
    source_offset = models.BigIntegerField()
    data: "models.Field[Any, Any]" = OrderedJSONField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "source_offset"], name="waiting_event_once")
        ]
        indexes = [models.Index(fields=["assistant_name", "id"], name="waiting_event_of")]

    def __str__(self) -> str:
        return self.assistant_name
