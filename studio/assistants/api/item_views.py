"""Lists and single items of content. One pair of views per kind; the kind is data."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from modelservice.project.model import Kind
from studio.accounts.permissions import Permission
from studio.assistants.api.assistant_views import DELETED, SEARCH
from studio.assistants.api.base import AssistantView, view_and_edit
from studio.assistants.api.content_serializers import (
    FlowRenameSerializer,
    FlowSerializer,
    ItemCreateSerializer,
    ItemSerializer,
    ItemUpdateSerializer,
    NamedItemSerializer,
    ResponseSerializer,
    SlotSerializer,
)
from studio.assistants.models import Primitive
from studio.assistants.selectors import content
from studio.assistants.selectors.access import deleted_primitive_get, primitive_get
from studio.assistants.selectors.documents import item_document
from studio.assistants.services import flows as flow_services
from studio.assistants.services import primitives as services
from studio.assistants.services.changes import Author
from studio.common.errors import Invalid

STATE = OpenApiParameter("state", str, enum=["ready", "errors", "warnings"])
ORDERING = OpenApiParameter(
    "ordering", str, description="-updated_at (default), name, id, step_count, error_count"
)
REVISION = OpenApiParameter("revision", int, description="The revision that was read")


class ItemsView(AssistantView):
    """GET a page of the kind, POST a new item."""

    kind: ClassVar[Kind]
    required_permissions = view_and_edit("POST")

    def rows(self, search: str, *, deleted: bool) -> list[dict[str, Any]]:
        return content.named_list(self.assistant(), self.kind, search=search, deleted=deleted)

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.page_of(self.rows(self.word("search"), deleted=bool(self.flag("deleted"))))

    @extend_schema(request=ItemCreateSerializer, responses={201: ItemSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        data = self.validated(ItemCreateSerializer)
        primitive = services.primitive_create(
            assistant=self.assistant(),
            kind=self.kind,
            key=data["id"],
            body=data["body"],
            author=Author(self.person),
        )
        return Response(item_document(primitive), status=201)


@extend_schema_view(
    get=extend_schema(
        parameters=[SEARCH, DELETED, STATE, ORDERING], responses=FlowSerializer(many=True)
    )
)
class FlowsView(ItemsView):
    kind = Kind.FLOW

    def rows(self, search: str, *, deleted: bool) -> list[dict[str, Any]]:
        return content.flow_list(
            self.assistant(),
            search=search,
            state=self.word("state"),
            ordering=self.word("ordering", "-updated_at"),
            deleted=deleted,
        )


@extend_schema_view(
    get=extend_schema(parameters=[SEARCH, DELETED], responses=ResponseSerializer(many=True))
)
class ResponsesView(ItemsView):
    kind = Kind.RESPONSE

    def rows(self, search: str, *, deleted: bool) -> list[dict[str, Any]]:
        return content.response_list(self.assistant(), search=search, deleted=deleted)


@extend_schema_view(
    get=extend_schema(parameters=[SEARCH, DELETED], responses=SlotSerializer(many=True))
)
class SlotsView(ItemsView):
    kind = Kind.SLOT

    def rows(self, search: str, *, deleted: bool) -> list[dict[str, Any]]:
        return content.slot_list(self.assistant(), search=search, deleted=deleted)


_named = extend_schema_view(
    get=extend_schema(parameters=[SEARCH, DELETED], responses=NamedItemSerializer(many=True))
)


@_named
class ActionsView(ItemsView):
    kind = Kind.ACTION


@_named
class IntentsView(ItemsView):
    kind = Kind.INTENT


@_named
class EntitiesView(ItemsView):
    kind = Kind.ENTITY


@_named
class PromptsView(ItemsView):
    kind = Kind.PROMPT
    required_permissions = view_and_edit("POST", edit=Permission.SETTINGS_EDIT)


class ItemView(AssistantView):
    """One item: read, replace, delete."""

    kind: ClassVar[Kind]
    required_permissions = view_and_edit("PUT", "DELETE")

    def primitive(self) -> Primitive:
        return primitive_get(self.assistant(), self.kind, self.kwargs["item_id"])

    @extend_schema(responses=ItemSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(item_document(self.primitive()))

    @extend_schema(request=ItemUpdateSerializer, responses=ItemSerializer)
    def put(self, request: Request, **kwargs: Any) -> Response:
        data = self.validated(ItemUpdateSerializer)
        primitive = services.primitive_update(
            primitive=self.primitive(),
            body=data["body"],
            revision=data["revision"],
            author=Author(self.person, data.get("reason", "")),
        )
        return Response(item_document(primitive))

    @extend_schema(parameters=[REVISION], responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        services.primitive_delete(
            primitive=self.primitive(), revision=self.revision(), author=Author(self.person)
        )
        return Response(status=204)

    def revision(self) -> int | None:
        raw = self.word("revision")
        if raw and not raw.isdecimal():
            raise Invalid("revision must be a whole number.")
        return int(raw) if raw else None


class FlowView(ItemView):
    kind = Kind.FLOW


class ResponseView(ItemView):
    kind = Kind.RESPONSE


class SlotView(ItemView):
    kind = Kind.SLOT


class ActionView(ItemView):
    kind = Kind.ACTION


class IntentView(ItemView):
    kind = Kind.INTENT


class EntityView(ItemView):
    kind = Kind.ENTITY


class PromptView(ItemView):
    kind = Kind.PROMPT
    required_permissions = view_and_edit("PUT", "DELETE", edit=Permission.SETTINGS_EDIT)


class ItemRestoreView(AssistantView):
    """Bring the newest deleted item of that name back."""

    kind: ClassVar[Kind] = Kind.FLOW
    required_permissions = {"POST": Permission.CONTENT_EDIT}

    @extend_schema(request=None, responses=ItemSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        primitive = deleted_primitive_get(self.assistant(), self.kind, kwargs["item_id"])
        restored = services.primitive_restore(primitive=primitive, author=Author(self.person))
        return Response(item_document(restored))


class FlowDuplicateView(AssistantView):
    required_permissions = {"POST": Permission.CONTENT_EDIT}

    @extend_schema(request=None, responses={201: ItemSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        flow = primitive_get(self.assistant(), Kind.FLOW, kwargs["item_id"])
        copy = flow_services.flow_duplicate(flow=flow, user=self.person)
        return Response(item_document(copy), status=201)


class FlowRenameView(AssistantView):
    required_permissions = {"POST": Permission.CONTENT_EDIT}

    @extend_schema(request=FlowRenameSerializer, responses=ItemSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        data = self.validated(FlowRenameSerializer)
        flow = primitive_get(self.assistant(), Kind.FLOW, kwargs["item_id"])
        renamed = flow_services.flow_rename(
            flow=flow, key=data["id"], revision=data["revision"], user=self.person
        )
        return Response(item_document(renamed))
