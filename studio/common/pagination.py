"""The two ways in which lists are cut into pages."""

from rest_framework.pagination import CursorPagination, PageNumberPagination


class ContentPagination(PageNumberPagination):
    """For content of an assistant: small enough to be counted."""

    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000


class NewestFirstCursor(CursorPagination):
    """For what only grows (conversations, history): stable under insertion, never counted."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering: str | tuple[str, ...] = "-id"
