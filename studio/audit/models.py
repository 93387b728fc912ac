"""The record of what was done. Its triggers refuse changes; see the migration."""

from typing import TypedDict

from django.db import models


class Action(models.TextChoices):
    """Published: programs read these. Never change one, only add."""

    SIGNED_IN = "sign_in.succeeded"
    SIGN_IN_FAILED = "sign_in.failed"
    SIGNED_OUT = "sign_out"
    USER_CREATED = "user.created"
    USER_ROLES = "user.roles"
    USER_PASSWORD = "user.password"  # noqa: S105  a name
    USER_ENABLED = "user.enabled"
    USER_DISABLED = "user.disabled"
    USER_SIGNED_OUT = "user.signed_out"
    USER_INVITED = "user.invited"
    USER_UPDATED = "user.updated"
    USER_DELETED = "user.deleted"
    TOKEN_MADE = "token.made"  # noqa: S105  a name
    TOKEN_REVOKED = "token.revoked"  # noqa: S105  a name
    ASSISTANT_CREATED = "assistant.created"
    ASSISTANT_UPDATED = "assistant.updated"
    ASSISTANT_DELETED = "assistant.deleted"
    ASSISTANT_RESTORED = "assistant.restored"
    ASSISTANT_EXPORTED = "assistant.exported"
    ASSISTANT_IMPORTED = "assistant.imported"
    ASSISTANT_PURGED = "assistant.purged"
    ASSISTANT_MEMBERS = "assistant.members"
    BRANCH_CREATED = "branch.created"
    BRANCH_UPDATED = "branch.updated"
    BRANCH_DELETED = "branch.deleted"
    BRANCH_MERGED = "branch.merged"
    CONTENT_RESTORED = "content.restored"
    VERSION_TRAINED = "version.trained"
    VERSION_STARTED = "version.started"
    VERSION_STOPPED = "version.stopped"
    VERSION_UPDATED = "version.updated"
    VERSION_DELETED = "version.deleted"
    MODEL_DOWNLOADED = "model.downloaded"
    TRAINING_INPUT_DOWNLOADED = "training_input.downloaded"
    CONVERSATION_DELETED = "conversation.deleted"
    CONVERSATIONS_EXPIRED = "conversations.expired"
    PERSON_FORGOTTEN = "person.forgotten"
    AUDIT_EXPORTED = "audit.exported"


class Detail(TypedDict, total=False):
    """What an entry says besides, by its action. Published: never change one, only add."""

    assistant: str
    fields: list[str]
    # Made, imported, members
    how: str
    mode: str
    what: str
    member: str
    role: str
    # Branches
    into: str
    # People; the moment before which conversations expired
    roles: list[str]
    before: list[str] | str
    after: list[str]
    in_a_row: int
    # Access tokens
    owner: str
    scopes: list[str]
    expires_at: str | None
    personal_token: str
    # Exports of the record
    format: str
    filters: dict[str, str]
    # How many were deleted
    conversations: int
    events: int
    waiting_events: int
    dead_letters: int
    months: int


class Entry(models.Model):
    """Names are as they were then; ids are no foreign keys: the entry outlives its object."""

    at = models.DateTimeField(auto_now_add=True)
    action = models.CharField(max_length=40, choices=Action)
    actor_id = models.UUIDField(null=True)
    # A user name; without an id, of the system's account that ran a command, or of a task.
    actor = models.CharField(max_length=150, blank=True)
    address = models.CharField(max_length=45, blank=True)
    target_id = models.CharField(max_length=64, blank=True)
    target = models.CharField(max_length=250, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            models.Index(fields=["action", "-at"], name="audit_by_action"),
            models.Index(fields=["actor", "-at"], name="audit_by_actor"),
            models.Index(fields=["target_id", "-at"], name="audit_by_target"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor or 'command'} {self.action} {self.target}"
