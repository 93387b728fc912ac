"""Commits, differences and going back."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from modelservice.project.model import Kind
from studio.accounts.api.base import id_parameter, time_parameter
from studio.accounts.permissions import Permission
from studio.common.errors import Invalid
from studio.common.pagination import NewestFirstCursor
from studio.content.api.base import ContentView, view_and_edit
from studio.content.api.history_serializers import (
    CommitDetailSerializer,
    CommitSerializer,
    ItemDifferenceSerializer,
    RestoredSerializer,
    RestoreSerializer,
)
from studio.content.errors import BranchProtected
from studio.content.models import Branch, Door
from studio.content.selectors import history
from studio.content.selectors.items import branch_get
from studio.content.services.restore import restore

_PARAMETERS = [
    OpenApiParameter("kind", str, enum=list(Kind), description="That changed items of this kind"),
    OpenApiParameter("key", str, description="That changed the item of this id"),
    id_parameter("author", "By this person"),
    OpenApiParameter("door", str, enum=Door.values, description="That came in this way"),
    time_parameter("since", "From this moment on"),
    time_parameter("until", "Before this moment"),
    OpenApiParameter("q", str, description="Words of the message"),
]
_FILTERS = tuple(parameter.name for parameter in _PARAMETERS)


class CommitsView(ContentView):
    required_permissions = view_and_edit()
    pagination_class = NewestFirstCursor

    @extend_schema(
        parameters=_PARAMETERS,
        responses=CommitSerializer(many=True),
    )
    def get(self, request: Request, **kwargs: Any) -> Response:
        """List commits.

        Of a branch, newest first; filters are by kind, key, author, door, time and words of the
        message.
        """
        filters = {name: self.word(name) for name in _FILTERS}
        page: Any = self.paginate_queryset(history.commits(self.branch(), filters))
        return self.get_paginated_response(history.commit_documents(page))


class CommitView(ContentView):
    """One commit with what it changed."""

    required_permissions = view_and_edit()

    @extend_schema(responses=CommitDetailSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Read a commit.

        With what it changed, field by field.
        """
        branch = self.branch()
        made = history.commit_get(branch, kwargs["number"])
        document = history.commit_document(made, with_secrets=self.may(Permission.SETTINGS_EDIT))
        return Response(document)


class CompareView(ContentView):
    """What differs between two commits, of one branch or of two."""

    required_permissions = view_and_edit()
    pagination_class = None

    @extend_schema(
        parameters=[
            OpenApiParameter(
                name,
                {"type": "string", "pattern": "^[^@]+(@[0-9]+)?$"},
                required=True,
                description="NAME or NAME@NUMBER",
            )
            for name in ("from", "to")
        ],
        responses=ItemDifferenceSerializer(many=True),
    )
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Compare two commits.

        What differs between them, item by item and field by field; of one branch or of two.
        """
        one, other = (self.place(name, self.word(name)) for name in ("from", "to"))
        secrets = self.may(Permission.SETTINGS_EDIT)
        return Response(history.compare(one, other, with_secrets=secrets))

    def place(self, name: str, text: str) -> tuple[Branch, int]:
        branch_name, separator, number = text.partition("@")
        if not branch_name or (separator and not number.isdecimal()):
            raise Invalid(f"{name} must be the name of a branch, or NAME@NUMBER of a commit.")
        branch = branch_get(self.entered.pk, branch_name)
        if separator and not 0 < int(number) <= branch.head:
            raise Invalid(f"{name}: the branch “{branch_name}” has no commit {number}.")
        return branch, int(number) if separator else branch.head


class RestoreView(ContentView):
    """Bring items, or everything, back to an older commit, as a new commit."""

    required_permissions = {"POST": Permission.CONTENT_EDIT}
    failures = {"POST": (BranchProtected,)}

    @extend_schema(request=RestoreSerializer, responses=RestoredSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Go back to an older commit.

        The given items, or everything, become what they were, as a new commit. `problems` are
        errors of what came back.
        """
        data = self.validated(RestoreSerializer)
        items = data.get("items")
        restored = restore(
            branch=self.branch(),
            number=data["commit"],
            items=None if items is None else [(item["kind"], item["key"]) for item in items],
            author=self.author(f"Restored from commit {data['commit']}", Door.RESTORE),
        )
        made = restored.commit
        commit = None if made is None else history.commit_documents([made])[0]
        return Response({"commit": commit, "problems": restored.problems})
