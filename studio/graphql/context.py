"""Who asks, for resolvers."""

from dataclasses import dataclass

from django.http import HttpRequest
from strawberry.types import Info as StrawberryInfo

from studio.accounts.models import User


@dataclass(frozen=True, slots=True)
class Context:
    request: HttpRequest
    user: User


Info = StrawberryInfo[Context, None]
