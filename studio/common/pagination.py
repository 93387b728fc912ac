"""The two ways in which lists are cut into pages, and what the schema says of them."""

from typing import Any

from rest_framework.pagination import BasePagination, CursorPagination, PageNumberPagination
from rest_framework.request import Request

from studio.common.errors import Invalid

_DESCRIPTIONS = {
    "page": "Number of the page, from 1 on; a page that is not there is answered 404",
    "page_size": "How many a page has: {0.page_size} by default, at most {0.max_page_size}",
    "cursor": "Where the page begins; take the whole address from `next` or `previous`",
}


class _Pages(BasePagination):
    """What both have in common. DRF passes over a `page_size` that is no number, and describes
    links with `nullable`, which OpenAPI 3.1 no longer knows: the first page has no previous."""

    page_size_query_param: str | None = "page_size"
    page_size: int
    max_page_size: int

    def get_page_size(self, request: Request) -> int:
        """:raises Invalid: it is no number from 1 on; more than the most is cut to it"""
        raw = request.query_params.get("page_size")
        if raw is None:
            return self.page_size
        if not raw.isascii() or not raw.isdecimal() or not raw.strip("0"):
            raise Invalid("page_size must be a number from 1 on.")
        return min(int(raw[:9]), self.max_page_size)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        described: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        for field in described:
            name = field["name"]
            field["description"] = _DESCRIPTIONS[name].format(self)
            if name != "cursor":
                field["schema"] = {"type": "integer", "minimum": 1}
        return described

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        described: dict[str, Any] = super().get_paginated_response_schema(schema)
        for name in ("next", "previous"):
            described["properties"][name] = {"type": ["string", "null"], "format": "uri"}
        described["required"] = [*described["properties"]]
        return described


class ContentPagination(_Pages, PageNumberPagination):
    """For content of an assistant: small enough to be counted."""

    page_size = 100
    max_page_size = 1000


class NewestFirstCursor(_Pages, CursorPagination):
    """For what only grows (conversations, history): stable under insertion, never counted."""

    page_size = 50
    max_page_size = 200
    ordering: str | tuple[str, ...] = "-id"
