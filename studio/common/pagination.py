"""The two ways in which lists are cut into pages, and what the schema says of them."""

from typing import Any

from rest_framework.pagination import CursorPagination, PageNumberPagination


class _NullableLinks:
    """DRF writes `nullable`, which OpenAPI 3.1 no longer knows: the first page has no previous."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        described: dict[str, Any] = super().get_paginated_response_schema(schema)  # type: ignore[misc]  # mixed into paginations
        for name in ("next", "previous"):
            described["properties"][name] = {"type": ["string", "null"], "format": "uri"}
        described["required"] = [*described["properties"]]
        return described


class ContentPagination(_NullableLinks, PageNumberPagination):
    """For content of an assistant: small enough to be counted."""

    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000


class NewestFirstCursor(_NullableLinks, CursorPagination):
    """For what only grows (conversations, history): stable under insertion, never counted."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering: str | tuple[str, ...] = "-id"
