"""People and API clients."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """One person or service account, keyed by the `sub` of its tokens.

    With the embedded identity this row is the account itself. With Keycloak it mirrors the claims
    of the newest token, so that history can name people; it never holds a password then.
    """

    # Set on the user of a request that came with one: it narrows what their roles allow.
    personal_token: "PersonalAccessToken | None" = None

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    roles = models.JSONField(default=list)
    preferences = models.JSONField(default=dict)
    is_active = models.BooleanField(default=True)
    # An administrator gave it: it opens nothing but the choice of an own one.
    password_is_temporary = models.BooleanField(default=False)
    is_service = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    # When Keycloak last said that this is how the account is; a few minutes exact.
    confirmed_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username


class PersonalAccessToken(models.Model):
    """What a person made for a program. The token itself is not here and cannot be had from here.

    `digest` is a plain SHA-256: the token has 256 random bits, so there is nothing to guess that a
    slow hash or a salt would protect, and the row is found by it at each request.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="personal_tokens")
    name = models.CharField(max_length=100)
    scopes = models.JSONField(default=list)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    # Exact to a minute.
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="accounts_token_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class IdempotentCall(models.Model):
    """A call that named an `Idempotency-Key`, and for a day what it was answered."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    path = models.CharField(max_length=500)
    # Of what was sent: the same key with something else is a mistake.
    fingerprint = models.CharField(max_length=64)
    started_at = models.DateTimeField(db_index=True)
    # None: not answered yet.
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    # None: the answer was too long to be kept.
    body = models.TextField(null=True)  # noqa: DJ001  an empty answer is one, too

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key", "path"], name="accounts_idempotent_call_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.path} {self.key}"
