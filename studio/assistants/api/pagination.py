"""Pages, and what the schema says of them."""

from typing import Any

from studio.common.pagination import ContentPagination, NewestFirstCursor


class _NullableLinks:
    """DRF writes `nullable`, which OpenAPI 3.1 no longer knows: the first page has no previous."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        described: dict[str, Any] = super().get_paginated_response_schema(schema)  # type: ignore[misc]  # mixed into paginations
        for name in ("next", "previous"):
            described["properties"][name] = {"type": ["string", "null"], "format": "uri"}
        described["required"] = [*described["properties"]]
        return described


class ContentPages(_NullableLinks, ContentPagination):
    """For what is small enough to be counted."""


class NewestFirst(_NullableLinks, NewestFirstCursor):
    """For what only grows."""
