"""Reads of people and API clients."""

from studio.accounts.models import User


def user_named(username: str) -> User | None:
    """However the name is written in large and small letters."""
    return User.objects.filter(username__iexact=username).first()
