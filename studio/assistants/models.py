"""Assistants, and who may work on them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from studio.accounts.roles import Role


class Assistant(models.Model):
    """`language`, `additional_languages` and `configured_id` are copied from its config.yml.

    It is open to everybody by their roles, or, where `members_only`, to its members alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=128)
    description = models.TextField(blank=True)
    icon = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=35, default="en")
    additional_languages = models.JSONField(default=list)
    # `assistant_id` of config.yml: production bots name themselves by it in their events.
    configured_id = models.CharField(max_length=255, blank=True, db_index=True)
    members_only = models.BooleanField(default=False)
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


class Member(models.Model):
    """A person, or everybody in a group of the realm, with a role in one assistant."""

    id = models.BigAutoField(primary_key=True)
    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    group = models.CharField(max_length=64, blank=True)
    role = models.CharField(max_length=64, choices=[(role.value, role.value) for role in Role])

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True) ^ Q(group=""), name="member_is_person_or_group"
            ),
            models.UniqueConstraint(
                fields=["assistant", "user"], name="person_once", condition=Q(user__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["assistant", "group"], name="group_once", condition=~Q(group="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.group}: {self.role}"
