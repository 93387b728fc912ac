"""What REST views have in common."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from studio.accounts.api.idempotency import IdempotentPosts
from studio.accounts.models import User
from studio.accounts.permissions import Permission
from studio.common.errors import DomainError, Invalid
from studio.common.pagination import ContentPagination
from studio.common.query_parameters import KnownParameters

SEARCH = OpenApiParameter("search", str, description="Every word must be somewhere in the item")


def time_parameter(name: str, description: str, *, or_date: bool = False) -> OpenApiParameter:
    formats = ["date-time", "date"] if or_date else ["date-time"]
    schema = {"type": "string", "anyOf": [{"format": each} for each in formats]}
    return OpenApiParameter(name, schema, description=description)


def id_parameter(name: str, description: str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, UUID, description=description, required=required)


Data = dict[str, Any]
_TRUTH = {"true": True, "false": False}


class ApiView(IdempotentPosts, KnownParameters, GenericAPIView[Any]):
    """A view that parses its input with a serializer and knows the user."""

    required_permissions: dict[str, Permission | None] = {}
    # Methods that only a person who has signed in may call.
    not_with_personal_token: frozenset[str] = frozenset()
    # Beside those that every operation has; for the description of the API.
    failures: Mapping[str, tuple[type[DomainError], ...]] = {}
    pagination_class: Any = ContentPagination

    @property
    def person(self) -> User:
        user = self.request.user
        assert isinstance(user, User)  # noqa: S101  the permission check saw to it
        return user

    def validated(self, serializer: type[serializers.Serializer[Any]], **options: Any) -> Data:
        try:
            parsed = serializer(data=self.request.data, **options)
        except RecursionError as error:
            raise Invalid("The JSON is nested too deeply.") from error
        parsed.is_valid(raise_exception=True)
        return dict(parsed.validated_data)

    def flag(self, name: str) -> bool | None:
        """A true or false of the query string; None when it is not there.

        :raises Invalid: it is neither
        """
        raw = self.request.query_params.get(name)
        if raw is not None and raw not in _TRUTH:
            raise Invalid(f"{name} must be true or false.")
        return None if raw is None else _TRUTH[raw]

    def word(self, name: str, default: str = "") -> str:
        return str(self.request.query_params.get(name, default))

    def page_of(self, rows: Any) -> Response:
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(page)


def view_and_edit(
    *edits: str, edit: Permission = Permission.CONTENT_EDIT
) -> dict[str, Permission | None]:
    """GET for everybody who sees assistants, the given methods for editors."""
    return {"GET": Permission.ASSISTANT_VIEW, **dict.fromkeys(edits, edit)}


__all__ = ["SEARCH", "ApiView", "Request", "Response", "view_and_edit"]
