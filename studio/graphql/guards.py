"""What every operation passes: permissions of its root fields, and limits of depth, size and time.

Introspection is asked of the schema like any other field; a setting switches it off.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from graphql import GraphQLError, GraphQLResolveInfo
from strawberry.extensions import (
    DisableIntrospection,
    MaxAliasesLimiter,
    MaxTokensLimiter,
    QueryDepthLimiter,
    SchemaExtension,
)

from studio.accounts.permissions import MissingPermission
from studio.assistants.access import holds_anywhere
from studio.graphql.permissions import PERMISSIONS

MAX_DEPTH = 8
MAX_TOKENS = 1000
MAX_ALIASES = 15
MAX_SECONDS = 30.0
_ROOTS = ("Query", "Mutation")


class Permissions(SchemaExtension):
    """Deny by default, before a resolver runs; the door then asks about the one assistant."""

    def resolve(
        self,
        _next: Callable[..., Any],
        root: Any,
        info: GraphQLResolveInfo[Any],
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        name = info.field_name
        if info.parent_type.name in _ROOTS and not name.startswith("__"):
            if name not in PERMISSIONS:
                raise GraphQLError(f"The field “{name}” is closed.")
            permission = PERMISSIONS[name]
            user = info.context.user
            if permission is not None and not holds_anywhere(user, permission):
                raise MissingPermission(permission, user)
        return _next(root, info, *args, **kwargs)


class Deadline(SchemaExtension):
    """No field is begun after the time is over."""

    def on_operation(self) -> Iterator[None]:
        self._ends = time.monotonic() + MAX_SECONDS
        yield

    def resolve(
        self,
        _next: Callable[..., Any],
        root: Any,
        info: GraphQLResolveInfo[Any],
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        if time.monotonic() > self._ends:
            raise GraphQLError(f"The operation takes longer than {MAX_SECONDS:.0f} seconds.")
        return _next(root, info, *args, **kwargs)


def guards() -> list[Any]:
    """New for each schema."""
    found: list[Any] = [
        lambda: MaxTokensLimiter(max_token_count=MAX_TOKENS),
        lambda: QueryDepthLimiter(max_depth=MAX_DEPTH),
        lambda: MaxAliasesLimiter(max_alias_count=MAX_ALIASES),
        Deadline,
        Permissions,
    ]
    return found if settings.GRAPHQL_INTROSPECTION else [DisableIntrospection, *found]
