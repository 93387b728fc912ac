"""The record of what was done, for administrators."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from studio.accounts.api.base import ApiView, time_parameter
from studio.accounts.permissions import Permission
from studio.activity.api.serializers import AuditEntrySerializer
from studio.audit import selectors
from studio.audit.models import Action
from studio.audit.services import record
from studio.common.errors import Invalid
from studio.common.pagination import NewestFirstCursor
from studio.common.streaming import StreamedResponse

_PARAMETERS = [
    OpenApiParameter("action", str, enum=Action.values, description="What was done"),
    OpenApiParameter("actor", str, description="User name, exactly"),
    OpenApiParameter("target", str, description="Id of what was acted on"),
    OpenApiParameter("search", str, description="Words of user name, target or address"),
    time_parameter("since", "From this day or moment on", or_date=True),
    time_parameter("until", "Before this day or moment", or_date=True),
]
_WRITERS = {
    "csv": ("text/csv; charset=utf-8", selectors.as_csv),
    "json": ("application/json", selectors.as_json),
}


class AuditCursor(NewestFirstCursor):
    ordering = ("-at", "-id")


class AuditView(ApiView):
    required_permissions = {"GET": Permission.USER_MANAGE}
    pagination_class = AuditCursor

    @extend_schema(parameters=_PARAMETERS, responses=AuditEntrySerializer(many=True))
    def get(self, request: Request) -> Response:
        """List what was done.

        The audit log, newest first: sign-ins, changes of people and members, exports,
        trainings, deletions.
        """
        rows = selectors.entries({name: self.word(name) for name in selectors.FILTERS})
        page: Any = self.paginate_queryset(rows)
        return self.get_paginated_response([selectors.entry_document(entry) for entry in page])


class AuditExportView(ApiView):
    """Every entry that the filters let through, as it streams out of the database."""

    required_permissions = {"GET": Permission.USER_MANAGE}
    pagination_class = None

    @extend_schema(
        parameters=[
            *_PARAMETERS,
            OpenApiParameter("as", str, enum=list(_WRITERS), description="csv by default"),
        ],
        responses={
            (200, "text/csv"): OpenApiTypes.STR,
            (200, "application/json"): AuditEntrySerializer(many=True),
        },
    )
    def get(self, request: Request) -> StreamedResponse:
        """Download what was done.

        Every entry that the filters let through, as one CSV or JSON file. That it was
        downloaded is an entry, too.
        """
        kind = self.word("as", "csv")
        if kind not in _WRITERS:
            raise Invalid("as: choose csv or json.")
        filters = {name: self.word(name) for name in selectors.FILTERS}
        rows = selectors.entries(filters)
        given = {name: value for name, value in filters.items() if value}
        record(Action.AUDIT_EXPORTED, format=kind, filters=given)
        content_type, write = _WRITERS[kind]
        return StreamedResponse(
            write(rows),
            content_type=content_type,
            headers={"Content-Disposition": f'attachment; filename="audit.{kind}"'},
        )
