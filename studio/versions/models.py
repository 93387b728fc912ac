"""Versions: training runs, each of the content at one commit."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from modelservice.common.model_format import MODEL_FORMAT
from studio.assistants.models import Assistant
from studio.content.models import Commit
from studio.versions.lifecycle import TRAINING, Status


class Version(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=128, blank=True)
    note = models.TextField(blank=True)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.QUEUED)
    phase = models.CharField(max_length=16, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)
    error = models.JSONField(null=True)
    warnings = models.JSONField(default=list)
    log = models.TextField(blank=True)
    # What was trained: the content at this commit, with these flows of it.
    commit = models.ForeignKey(Commit, on_delete=models.RESTRICT, related_name="versions")
    flows = models.JSONField(default=list)
    # Which program trains and runs it; `calm` where the model service does not say.
    runtime = models.CharField(max_length=32, default="calm")
    # While it waits for a place at the model service: 1 is next.
    queue_position = models.PositiveSmallIntegerField(null=True)
    model_name = models.CharField(max_length=255, blank=True, db_index=True)
    # What the archive of the model calls itself; events of bots that run elsewhere have it.
    model_id = models.CharField(max_length=64, blank=True)
    # Of a model of Studio's runtime; null where it is not known, and for other runtimes.
    model_format = models.PositiveSmallIntegerField(null=True)
    # Ids of deployments are single use at the model service, so each activation takes a new one.
    deployment = models.CharField(max_length=64, blank=True, db_index=True)
    deployments = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    finished_at = models.DateTimeField(null=True)
    # The replica that watches this version, until when.
    lease_owner = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        indexes = [models.Index(fields=["assistant", "model_id"], name="version_of_model")]
        constraints = [
            models.UniqueConstraint(fields=["assistant", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["assistant"],
                name="one_training_at_a_time",
                condition=Q(status__in=TRAINING),
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"

    @property
    def train_again(self) -> bool:
        """Another release of the runtime made its model, which cannot be started here."""
        return self.model_format not in {None, MODEL_FORMAT}
