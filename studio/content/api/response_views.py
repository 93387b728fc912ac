"""Responses: the list with the runtime's own, names, uses and words of many at once."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from modelservice.project.model import Kind
from modelservice.project.response_texts import Wanted
from studio.accounts.permissions import Permission
from studio.assistants.errors import NameTaken
from studio.content.api.base import DELETED, SEARCH, ContentView
from studio.content.api.item_serializers import ItemUpdateSerializer, ResponseSerializer
from studio.content.api.item_shapes import SHAPES, item_of, items_of
from studio.content.api.item_views import ItemsView, ItemView
from studio.content.api.response_serializers import (
    DeletedSerializer,
    DeleteSerializer,
    MatchSerializer,
    ReplacedSerializer,
    ReplaceSerializer,
    ResponseContextSerializer,
    ResponseRenamedSerializer,
    ResponseRenameSerializer,
)
from studio.content.api.revisions import ETAG, IF_MATCH, with_etag
from studio.content.errors import BranchProtected, InUse, RevisionConflict
from studio.content.models import Commit
from studio.content.selectors import history, lists, responses
from studio.content.selectors.documents import item_document
from studio.content.selectors.response_search import matches_of
from studio.content.selectors.response_uses import response_uses
from studio.content.services import items as item_services
from studio.content.services import responses as services

DEFAULTS = OpenApiParameter("defaults", bool, description="With those that the runtime has itself")


@extend_schema_view(
    get=extend_schema(
        parameters=[SEARCH, DELETED, DEFAULTS], responses=ResponseSerializer(many=True)
    )
)
@items_of(Kind.RESPONSE)
class ResponsesView(ItemsView):
    kind = Kind.RESPONSE

    def rows(self, search: str, *, deleted: bool) -> Sequence[dict[str, Any]]:
        if self.flag("defaults") and not deleted:
            return responses.responses_with_defaults(self.branch(), search=search)
        return lists.response_list(self.branch(), search=search, deleted=deleted)


@item_of(Kind.RESPONSE)
class ResponseView(ItemView):
    kind = Kind.RESPONSE

    @extend_schema(parameters=[ETAG], responses=SHAPES[Kind.RESPONSE].detail)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Read a response.

        One of the assistant, or one that the runtime has itself, which is at revision 0.
        """
        return with_etag(responses.response_document(self.branch(), kwargs["item_id"]))

    @extend_schema(
        parameters=[IF_MATCH, ETAG],
        request=SHAPES[Kind.RESPONSE].update,
        responses=SHAPES[Kind.RESPONSE].detail,
    )
    def put(self, request: Request, **kwargs: Any) -> Response:
        """Replace a response.

        Send the new body with the revision that it was made from; what others changed since is
        merged in where both did not change one field. Revision 0 replaces one that the runtime
        has itself; deleting it brings that one back.
        """
        data = self.validated(ItemUpdateSerializer)
        with self.at_wanted_revision():
            item = services.response_update(
                branch=self.branch(),
                key=kwargs["item_id"],
                body=data["body"],
                revision=data["revision"],
                author=self.author(data.get("reason", "")),
            )
        return with_etag(item_document(item))


class ResponseDuplicateView(ContentView):
    required_permissions = {"POST": Permission.CONTENT_EDIT}
    failures = {"POST": (BranchProtected,)}

    @extend_schema(request=None, responses={201: SHAPES[Kind.RESPONSE].detail})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Copy a response.

        Under a free name that is derived from its own.
        """
        key = kwargs["item_id"]
        copy = services.response_duplicate(
            branch=self.branch(), key=key, author=self.author(f"Copied from “{key}”")
        )
        return Response(item_document(copy), status=201)


class ResponseRenameView(ContentView):
    required_permissions = {"POST": Permission.CONTENT_EDIT}
    failures = {"POST": (NameTaken, RevisionConflict, BranchProtected)}

    @extend_schema(request=ResponseRenameSerializer, responses=ResponseRenamedSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Rename a response.

        Flows and slots that name it are changed with it, in one commit; `left` is what names it
        and was not changed.
        """
        data = self.validated(ResponseRenameSerializer)
        old, new = kwargs["item_id"], data["id"]
        renamed, left = services.response_rename(
            branch=self.branch(),
            key=old,
            new=new,
            revision=data["revision"],
            author=self.author(f"“{old}” is now called “{new}”"),
        )
        return Response({"response": item_document(renamed), "left": left})


class ResponseContextView(ContentView):
    required_permissions = {"GET": Permission.ASSISTANT_VIEW}

    @extend_schema(responses=ResponseContextSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Read where a response is said.

        Steps, slots, default system flows, tests and code, and whether the assistant has its
        responses said in other words.
        """
        branch = self.branch()
        uses = response_uses(branch, kwargs["item_id"])
        return Response({**uses, "rephrasing": responses.rephrasing(branch)})


class ReplaceView(ContentView):
    required_permissions = {"POST": Permission.CONTENT_EDIT}
    failures = {"POST": (RevisionConflict, BranchProtected)}

    @extend_schema(request=ReplaceSerializer, responses=ReplacedSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Find and replace words of responses.

        In all texts, buttons and translations, but not in the braces of slots. Without
        `revisions` nothing is written: `matches` are what would be. With them, all is one commit.
        """
        data = self.validated(ReplaceSerializer)
        wanted = Wanted(data["find"], data["whole_words"], data["match_case"])
        branch, made = self.branch(), None
        if "revisions" not in data:
            matches = matches_of(branch, wanted, data["replacement"])
        else:
            matches, made = services.words_replace(
                branch=branch,
                wanted=wanted,
                replacement=data["replacement"],
                revisions=data["revisions"],
                exceptions={
                    (one["response"], one["pointer"]) for one in data.get("exceptions") or ()
                },
                author=self.author(f"“{data['find']}” is now “{data['replacement']}”"),
            )
        found = MatchSerializer(matches, many=True).data
        return Response({"commit": _commit(made), "matches": found})


class DeleteView(ContentView):
    required_permissions = {"POST": Permission.CONTENT_EDIT}
    failures = {"POST": (RevisionConflict, BranchProtected, InUse)}

    @extend_schema(request=DeleteSerializer, responses=DeletedSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Delete several items.

        As one commit, which `restore/` to the commit before it takes back. If one of them is still
        used by flows, or was changed after its revision, none is deleted.
        """
        items = self.validated(DeleteSerializer)["items"]
        made = item_services.items_delete(
            branch=self.branch(),
            items={(item["kind"], item["key"]): item["revision"] for item in items},
            author=self.author(),
        )
        return Response({"commit": _commit(made)})


def _commit(made: Commit | None) -> dict[str, Any] | None:
    return None if made is None else history.commit_documents([made])[0]
