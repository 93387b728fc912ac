"""Who asks, for resolvers."""

from dataclasses import dataclass, field

from django.http import HttpRequest
from strawberry.types import Info as StrawberryInfo

from studio.accounts.models import User
from studio.graphql.event_stream import EventStream


@dataclass(frozen=True, slots=True)
class Context:
    request: HttpRequest
    user: User
    events: EventStream = field(default_factory=EventStream)


Info = StrawberryInfo[Context, None]
