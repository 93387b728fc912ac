"""Branches of an assistant."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from studio.accounts.permissions import Permission
from studio.assistants.api.base import AssistantView
from studio.assistants.errors import NameTaken
from studio.audit.models import Action
from studio.audit.services import record
from studio.common.errors import Invalid, NotFound
from studio.content.api.base import ContentView, view_and_edit
from studio.content.api.history_serializers import (
    BranchCreateSerializer,
    BranchMergeSerializer,
    BranchSerializer,
    BranchUpdateSerializer,
    CommitSerializer,
    MergePreviewSerializer,
)
from studio.content.errors import BranchProtected, InUse, MergeConflict
from studio.content.merge import Edited
from studio.content.models import MAIN, Branch, Door
from studio.content.selectors.branches import branch_document, branch_documents, branches
from studio.content.selectors.history import commit_documents
from studio.content.selectors.items import branch_get
from studio.content.selectors.merge_preview import merge_preview
from studio.content.services import branches as services

INTO = OpenApiParameter("into", str, description="Name of a branch; main by default")


class BranchesView(AssistantView):
    required_permissions = view_and_edit("POST")
    failures = {"POST": (NameTaken, NotFound)}
    pagination_class = None

    @extend_schema(responses=BranchSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """List branches.

        All branches of the assistant, main first.
        """
        return Response(branch_documents(branches(self.assistant())))

    @extend_schema(request=BranchCreateSerializer, responses={201: BranchSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Create a branch.

        It starts from the newest commit of main, or from what `from` names.
        """
        data = self.validated(BranchCreateSerializer)
        name, separator, number = data.get("from", MAIN).partition("@")
        if separator and not number.isdecimal():
            raise Invalid("from must be the name of a branch, or NAME@NUMBER of a commit.")
        branch = services.branch_create(
            parent=branch_get(self.entered.pk, name),
            name=data["name"],
            number=int(number) if separator else None,
            user=self.person,
        )
        self.record(Action.BRANCH_CREATED, branch)
        return Response(branch_document(branch), status=201)

    def record(self, action: Action, branch: Branch) -> None:
        record(action, target_id=self.entered.pk, target=f"{self.entered.name} {branch.name}")


class BranchView(BranchesView):
    required_permissions = view_and_edit() | {
        "PATCH": Permission.SETTINGS_EDIT,
        "DELETE": Permission.CONTENT_EDIT,
    }
    failures = {"PATCH": (NameTaken, InUse), "DELETE": (BranchProtected, InUse)}
    http_method_names = ["get", "patch", "delete", "head", "options"]

    def branch(self) -> Branch:
        return branch_get(self.entered.pk, self.kwargs["name"])

    @extend_schema(responses=BranchSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Read a branch.

        Where it started, its newest commit, and how many problems its content has.
        """
        return Response(branch_document(self.branch()))

    @extend_schema(request=BranchUpdateSerializer, responses=BranchSerializer)
    def patch(self, request: Request, **kwargs: Any) -> Response:
        """Rename or protect a branch.

        A protected branch is changed by merges only. The branch main keeps its name.
        """
        values = self.validated(BranchUpdateSerializer)
        branch = services.branch_update(branch=self.branch(), values=values)
        self.record(Action.BRANCH_UPDATED, branch)
        return Response(branch_document(branch))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Delete a branch.

        What was merged stays where it was merged to. The branch main cannot be deleted.
        """
        branch = self.branch()
        services.branch_delete(branch=branch)
        self.record(Action.BRANCH_DELETED, branch)
        return Response(status=204)


class BranchMergeView(ContentView):
    """Bring what this branch changed into another one, as one commit."""

    required_permissions = view_and_edit("POST")
    failures = {"POST": (MergeConflict,)}
    common_parameters = []

    @extend_schema(parameters=[INTO], responses=MergePreviewSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Preview a merge.

        The conflicts that have to be decided, and the changes that come along by themselves.
        Nothing is changed.
        """
        source = branch_get(self.entered.pk, kwargs["name"])
        into = branch_get(self.entered.pk, self.word("into", MAIN))
        secrets = self.may(Permission.SETTINGS_EDIT)
        return Response(merge_preview(source, into, with_secrets=secrets))

    @extend_schema(request=BranchMergeSerializer, responses=CommitSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Merge a branch into another one.

        As one commit of `into`. Conflicts that `resolutions` do not decide are answered 409
        `merge_conflict`, and nothing is changed.
        """
        data = self.validated(BranchMergeSerializer)
        source = branch_get(self.entered.pk, kwargs["name"])
        into = branch_get(self.entered.pk, data["into"])
        made = services.branch_merge(
            source=source,
            into=into,
            resolutions={
                (one["kind"], one["key"], tuple(one["pointer"])): (
                    Edited(one["value"]) if one["side"] == "edited" else one["side"]
                )
                for one in data.get("resolutions", [])
            },
            author=self.author(f"Merged “{source.name}”", Door.MERGE),
        )
        record(
            Action.BRANCH_MERGED,
            target_id=self.entered.pk,
            target=f"{self.entered.name} {source.name}",
            into=into.name,
        )
        return Response(commit_documents([made])[0])
