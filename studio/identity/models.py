"""What the embedded identity remembers: sign-ins, codes on their way, failed attempts."""

import uuid

from django.conf import settings
from django.db import models


class SignIn(models.Model):
    """One session of one client. Its refresh token is good once; the next one replaces it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)  # `sid` of the tokens
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    client_id = models.CharField(max_length=100)
    scope = models.CharField(max_length=200, blank=True)
    browser_session = models.CharField(max_length=40, blank=True, db_index=True)
    refresh_id = models.UUIDField(null=True)  # `jti` of the refresh token that is good now
    signed_in_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.client_id} {self.id}"


class AuthorizationCode(models.Model):
    """A code between the browser's redirect and the client's token request."""

    code = models.CharField(max_length=60, primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    client_id = models.CharField(max_length=100)
    redirect_uri = models.TextField()
    scope = models.CharField(max_length=200, blank=True)
    nonce = models.CharField(max_length=200, blank=True)
    browser_session = models.CharField(max_length=40, blank=True)
    # Names that Authlib's PKCE extension reads.
    code_challenge = models.CharField(max_length=128)
    code_challenge_method = models.CharField(max_length=10)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.client_id} until {self.expires_at:%H:%M:%S}"

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope


class FailedSignIns(models.Model):
    """Failures in a row for one user name from one address; without a name, for all of them."""

    username = models.CharField(max_length=150)
    address = models.CharField(max_length=45)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["username", "address"], name="identity_failed_sign_ins_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.username} from {self.address}: {self.count}"
