"""The content store: primitives kept whole, a change record for every write."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from modelservice.project.model import Kind, TextKind
from studio.common.fields import OrderedJSONField


class Assistant(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=128)
    description = models.TextField(blank=True)
    icon = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=35, default="en")
    additional_languages = models.JSONField(default=list)
    # `assistant_id` of config.yml: production bots name themselves by it in their events.
    configured_id = models.CharField(max_length=255, blank=True, db_index=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], name="assistant_name_once", condition=Q(deleted_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.name


class Primitive(models.Model):
    """One item of content; `body` is its parsed YAML, `summary` is derived from it on write."""

    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="primitives")
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in Kind])
    key = models.CharField(max_length=500)
    body: "models.Field[Any, Any]" = OrderedJSONField()
    summary = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)
    position = models.PositiveIntegerField(default=0)
    source_path = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assistant", "kind", "key"],
                name="primitive_key_once",
                condition=Q(deleted_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class ProjectText(models.Model):
    """config.yml, endpoints.yml or credentials.yml, as the author wrote it."""

    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="texts")
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in TextKind])
    path = models.CharField(max_length=1000)
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=timezone.now)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assistant", "kind"], name="project_text_once")
        ]

    def __str__(self) -> str:
        return self.path


class SourceFile(models.Model):
    """The original of an imported file; see `modelservice.project.model.SourceFile`."""

    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="source_files")
    path = models.CharField(max_length=1000)
    content = models.BinaryField()
    layout: "models.Field[Any, Any]" = OrderedJSONField()
    fingerprint = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assistant", "path"], name="source_file_once")
        ]

    def __str__(self) -> str:
        return self.path


class KeptFile(models.Model):
    """A file of the project that Studio only carries along: code, tests, documents."""

    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="kept_files")
    path = models.CharField(max_length=1000)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    what = models.CharField(max_length=200)

    class Meta:
        ordering = ["path"]
        constraints = [models.UniqueConstraint(fields=["assistant", "path"], name="kept_file_once")]

    def __str__(self) -> str:
        return self.path


class Change(models.Model):
    """One write. Undo, history, diff, restore and audit are views on these rows."""

    class Action(models.TextChoices):
        CREATED = "created"
        UPDATED = "updated"
        DELETED = "deleted"
        RESTORED = "restored"
        IMPORTED = "imported"

    id = models.BigAutoField(primary_key=True)
    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=16)
    item = models.CharField(max_length=1000)
    action = models.CharField(max_length=16, choices=Action.choices)
    before: "models.Field[Any, Any]" = OrderedJSONField(null=True)
    after: "models.Field[Any, Any]" = OrderedJSONField(null=True)
    revision = models.PositiveIntegerField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(blank=True)
    # Changes made by one request share it: an import, a rename with its references.
    batch = models.UUIDField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["assistant", "-id"], name="change_newest")]

    def __str__(self) -> str:
        return f"{self.action} {self.kind} {self.item}"
