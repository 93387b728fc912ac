"""Lists and single items of lists. One pair of views per kind; the kind is data."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from modelservice.project.model import Kind
from studio.accounts.permissions import Permission
from studio.assistants.errors import NameTaken
from studio.content.api.base import DELETED, REVISION, SEARCH, ContentView, view_and_edit
from studio.content.api.item_serializers import (
    ExampleCreateSerializer,
    ExampleSerializer,
    FlowRenameSerializer,
    FlowSerializer,
    ItemCreateSerializer,
    ItemSerializer,
    ItemUpdateSerializer,
    NamedItemSerializer,
    SlotRenameSerializer,
    SlotSerializer,
)
from studio.content.api.item_shapes import (
    SHAPES,
    SlotRenamedSerializer,
    item_of,
    items_of,
    restored_of,
)
from studio.content.api.revisions import IF_MATCH, wanted_revision, with_etag
from studio.content.errors import BranchProtected, InUse, PreconditionFailed, RevisionConflict
from studio.content.models import Door
from studio.content.selectors import lists
from studio.content.selectors.documents import item_document
from studio.content.selectors.items import item_get
from studio.content.services import examples as example_services
from studio.content.services import flows as flow_services
from studio.content.services import items as services
from studio.content.services import slots as slot_services
from studio.content.services.precondition import at_revision

STATE = OpenApiParameter(
    "state", str, enum=["ready", "errors", "warnings"], description="Of this state"
)
ORDERING = OpenApiParameter(
    "ordering",
    str,
    enum=[f"{sign}{name}" for name in lists.FLOW_ORDERINGS for sign in ("", "-")],
    description="-updated_at by default; - turns it round",
)


class SingleItemView(ContentView):
    """A view of one item that may be asked to write only at the revision of `If-Match`."""

    kind: ClassVar[Kind]

    def at_wanted_revision(self) -> AbstractContextManager[None]:
        return at_revision(
            branch=self.branch(),
            kind=self.kind,
            key=self.kwargs["item_id"],
            revision=wanted_revision(self.request),
        )


class ItemsView(ContentView):
    """GET a page of the kind, POST a new item."""

    kind: ClassVar[Kind]
    required_permissions = view_and_edit("POST")
    failures = {"POST": (NameTaken, BranchProtected)}

    def rows(self, search: str, *, deleted: bool) -> Sequence[dict[str, Any]]:
        return lists.named_list(self.branch(), self.kind, search=search, deleted=deleted)

    def get(self, request: Request, **kwargs: Any) -> Response:
        """List {many}.

        Without their bodies. With `deleted` those that were deleted and can be restored.
        """
        return self.page_of(self.rows(self.word("search"), deleted=bool(self.flag("deleted"))))

    @extend_schema(request=ItemCreateSerializer, responses={201: ItemSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Create {one}.

        As one commit of the branch. The id must be free.
        """
        data = self.validated(SHAPES[self.kind].create)
        item = services.item_create(
            branch=self.branch(),
            kind=self.kind,
            key=data["id"],
            body=data["body"],
            author=self.author(),
        )
        return Response(item_document(item), status=201)


@extend_schema_view(
    get=extend_schema(
        parameters=[SEARCH, DELETED, STATE, ORDERING], responses=FlowSerializer(many=True)
    )
)
@items_of(Kind.FLOW)
class FlowsView(ItemsView):
    kind = Kind.FLOW

    def rows(self, search: str, *, deleted: bool) -> Sequence[dict[str, Any]]:
        return lists.flow_list(
            self.branch(),
            search=search,
            state=self.word("state"),
            ordering=self.word("ordering", "-updated_at"),
            deleted=deleted,
        )


@extend_schema_view(
    get=extend_schema(parameters=[SEARCH, DELETED], responses=SlotSerializer(many=True))
)
@items_of(Kind.SLOT)
class SlotsView(ItemsView):
    kind = Kind.SLOT

    def rows(self, search: str, *, deleted: bool) -> Sequence[dict[str, Any]]:
        return lists.slot_list(self.branch(), search=search, deleted=deleted)


_named = extend_schema_view(
    get=extend_schema(parameters=[SEARCH, DELETED], responses=NamedItemSerializer(many=True))
)


@_named
@items_of(Kind.ACTION)
class ActionsView(ItemsView):
    kind = Kind.ACTION


@_named
@items_of(Kind.PROMPT)
class PromptsView(ItemsView):
    kind = Kind.PROMPT
    required_permissions = view_and_edit("POST", edit=Permission.SETTINGS_EDIT)


class ItemView(SingleItemView):
    """One item: read, replace, delete."""

    required_permissions = view_and_edit("PUT", "DELETE")
    failures = {
        "PUT": (RevisionConflict, PreconditionFailed, BranchProtected),
        "DELETE": (RevisionConflict, PreconditionFailed, BranchProtected, InUse),
    }

    @extend_schema(responses=ItemSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Read {one}.

        With its body as Rasa's YAML has it, its revision and its problems.
        """
        return with_etag(item_document(item_get(self.branch(), self.kind, kwargs["item_id"])))

    @extend_schema(request=ItemUpdateSerializer, responses=ItemSerializer)
    def put(self, request: Request, **kwargs: Any) -> Response:
        """Replace {one}.

        Send the new body with the revision that it was made from. What others changed since is
        merged in where both did not change one field; else the answer is 409
        `revision_conflict`, and nothing is saved.
        """
        data = self.validated(ItemUpdateSerializer)
        with self.at_wanted_revision():
            item = services.item_update(
                branch=self.branch(),
                kind=self.kind,
                key=kwargs["item_id"],
                body=data["body"],
                revision=data["revision"],
                author=self.author(data.get("reason", "")),
            )
        return with_etag(item_document(item))

    @extend_schema(parameters=[REVISION, IF_MATCH], responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Delete {one}.

        What is still used by flows is not deleted: the answer is 409 `in_use`.
        """
        with self.at_wanted_revision():
            services.item_delete(
                branch=self.branch(),
                kind=self.kind,
                key=kwargs["item_id"],
                revision=self.revision(),
                author=self.author(),
            )
        return Response(status=204)


@item_of(Kind.FLOW)
class FlowView(ItemView):
    kind = Kind.FLOW


@item_of(Kind.SLOT)
class SlotView(ItemView):
    kind = Kind.SLOT


@item_of(Kind.ACTION)
class ActionView(ItemView):
    kind = Kind.ACTION


@item_of(Kind.PROMPT)
class PromptView(ItemView):
    kind = Kind.PROMPT
    required_permissions = view_and_edit("PUT", "DELETE", edit=Permission.SETTINGS_EDIT)


class ItemRestoreView(ContentView):
    """Bring the newest deleted item of that name back."""

    kind: ClassVar[Kind]
    required_permissions = {"POST": Permission.CONTENT_EDIT}
    failures = {"POST": (NameTaken, BranchProtected)}

    def post(self, request: Request, **kwargs: Any) -> Response:
        """Bring {one} back.

        The newest deleted one of that id, as it was when it was deleted.
        """
        item = services.item_restore(
            branch=self.branch(),
            kind=self.kind,
            key=kwargs["item_id"],
            author=self.author(door=Door.RESTORE),
        )
        return Response(item_document(item))


def restore_view(kind: Kind) -> type[ItemRestoreView]:
    view = type("ItemRestoreView", (ItemRestoreView,), {"kind": kind})
    described: type[ItemRestoreView] = restored_of(kind)(view)
    return described


class FlowDuplicateView(ContentView):
    required_permissions = {"POST": Permission.CONTENT_EDIT}
    failures = {"POST": (BranchProtected,)}

    @extend_schema(request=None, responses={201: SHAPES[Kind.FLOW].detail})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Copy a flow.

        Under a free id that is derived from its own.
        """
        key = kwargs["item_id"]
        copy = flow_services.flow_duplicate(
            branch=self.branch(), key=key, author=self.author(f"Copied from “{key}”")
        )
        return Response(item_document(copy), status=201)


class FlowRenameView(SingleItemView):
    kind = Kind.FLOW
    required_permissions = {"POST": Permission.CONTENT_EDIT}
    failures = {"POST": (NameTaken, RevisionConflict, PreconditionFailed, BranchProtected)}

    @extend_schema(
        parameters=[IF_MATCH],
        request=FlowRenameSerializer,
        responses=SHAPES[Kind.FLOW].detail,
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Rename a flow.

        All links, calls and conditions that name it are changed with it, in one commit.
        """
        data = self.validated(FlowRenameSerializer)
        old, new = kwargs["item_id"], data["id"]
        with self.at_wanted_revision():
            renamed = flow_services.flow_rename(
                branch=self.branch(),
                key=old,
                new=new,
                revision=data["revision"],
                author=self.author(f"“{old}” is now called “{new}”"),
            )
        return Response(item_document(renamed))


class FlowExamplesView(ContentView):
    """Examples of the intent that starts a flow."""

    required_permissions = {"POST": Permission.CONTENT_EDIT}
    failures = {"POST": (NameTaken, BranchProtected)}

    @extend_schema(request=ExampleCreateSerializer, responses={201: ExampleSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Add an example to a flow.

        A message that starts the flow. It is added to the intent of the flow's trigger, which
        is made if there is none.
        """
        key = kwargs["item_id"]
        example = example_services.example_add(
            branch=self.branch(),
            flow=key,
            text=self.validated(ExampleCreateSerializer)["text"],
            author=self.author(f"Another example of “{key}”"),
        )
        return Response(asdict(example), status=201)


class SlotRenameView(SingleItemView):
    kind = Kind.SLOT
    required_permissions = {"POST": Permission.CONTENT_EDIT}
    failures = {"POST": (NameTaken, RevisionConflict, PreconditionFailed, BranchProtected)}

    @extend_schema(
        parameters=[IF_MATCH], request=SlotRenameSerializer, responses=SlotRenamedSerializer
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Rename a slot.

        Flows, responses and conditions that name it are changed with it, in one commit; `left`
        is what seems to name it and was not changed.
        """
        data = self.validated(SlotRenameSerializer)
        old, new = kwargs["item_id"], data["id"]
        with self.at_wanted_revision():
            renamed, left = slot_services.slot_rename(
                branch=self.branch(),
                key=old,
                new=new,
                revision=data["revision"],
                author=self.author(f"“{old}” is now called “{new}”"),
            )
        return Response({"slot": item_document(renamed), "left": left})
