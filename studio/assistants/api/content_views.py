"""Content that is not a plain item: patterns, derived lists, texts, files, history, validation."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from modelservice.project.model import Kind, TextKind
from studio.accounts.permissions import Permission
from studio.assistants.api.assistant_views import SEARCH
from studio.assistants.api.base import AssistantView, view_and_edit
from studio.assistants.api.content_serializers import (
    ButtonSerializer,
    DraftProblemsSerializer,
    DraftSerializer,
    ItemSerializer,
    ItemUpdateSerializer,
    LinkSerializer,
    SystemFlowSerializer,
    ValidationSerializer,
)
from studio.assistants.api.item_views import ItemView
from studio.assistants.api.serializers import (
    ChangeSerializer,
    KeptFileSerializer,
    TextSerializer,
    TextUpdateSerializer,
)
from studio.assistants.models import KeptFile
from studio.assistants.selectors import content, system_flows
from studio.assistants.selectors.access import text_get
from studio.assistants.selectors.documents import change_document, item_document, text_document
from studio.assistants.selectors.history import changes
from studio.assistants.selectors.validation import draft_problems, validation_document
from studio.assistants.services import flows as flow_services
from studio.assistants.services import texts
from studio.assistants.services.changes import Author
from studio.assistants.services.primitives import check_size
from studio.common.pagination import NewestFirstCursor


class SystemFlowsView(AssistantView):
    required_permissions = view_and_edit()

    @extend_schema(parameters=[SEARCH], responses=SystemFlowSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.page_of(system_flows.system_flow_list(self.assistant(), self.word("search")))


class SystemFlowView(ItemView):
    """A default pattern, or the assistant's own version of it; DELETE goes back to the default."""

    kind = Kind.SYSTEM_FLOW

    @extend_schema(responses=ItemSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(system_flows.system_flow_document(self.assistant(), kwargs["item_id"]))

    @extend_schema(request=ItemUpdateSerializer, responses=ItemSerializer)
    def put(self, request: Request, **kwargs: Any) -> Response:
        data = self.validated(ItemUpdateSerializer)
        primitive = flow_services.system_flow_update(
            assistant=self.assistant(),
            key=kwargs["item_id"],
            body=data["body"],
            revision=data["revision"],
            author=Author(self.person, data.get("reason", "")),
        )
        return Response(item_document(primitive))


class ButtonsView(AssistantView):
    required_permissions = view_and_edit()

    @extend_schema(parameters=[SEARCH], responses=ButtonSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.page_of(content.button_list(self.assistant(), search=self.word("search")))


class LinksView(AssistantView):
    required_permissions = view_and_edit()

    @extend_schema(parameters=[SEARCH], responses=LinkSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.page_of(content.link_list(self.assistant(), search=self.word("search")))


class TextView(AssistantView):
    kind: ClassVar[TextKind]
    required_permissions = view_and_edit("PUT", edit=Permission.SETTINGS_EDIT)

    @extend_schema(responses=TextSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(text_document(text_get(self.assistant(), self.kind)))

    @extend_schema(request=TextUpdateSerializer, responses=TextSerializer)
    def put(self, request: Request, **kwargs: Any) -> Response:
        data = self.validated(TextUpdateSerializer)
        text = texts.text_update(
            text=text_get(self.assistant(), self.kind),
            content=data["text"],
            revision=data["revision"],
            user=self.person,
        )
        return Response(text_document(text))


class ConfigView(TextView):
    kind = TextKind.CONFIG


class EndpointsView(TextView):
    kind = TextKind.ENDPOINTS


class FilesView(AssistantView):
    """Files of the project that Studio only carries along."""

    required_permissions = view_and_edit()

    @extend_schema(responses=KeptFileSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        rows = KeptFile.objects.filter(assistant=self.assistant())
        return self.page_of(list(rows.values("path", "size", "what")))


class HistoryView(AssistantView):
    required_permissions = view_and_edit()
    pagination_class = NewestFirstCursor

    @extend_schema(
        parameters=[OpenApiParameter(name, str) for name in ("kind", "item", "actor")],
        responses=ChangeSerializer(many=True),
    )
    def get(self, request: Request, **kwargs: Any) -> Response:
        filters = {name: self.word(name) for name in ("kind", "item", "actor")}
        page: Any = self.paginate_queryset(changes(self.assistant(), filters))
        return self.get_paginated_response([change_document(change) for change in page])


class ValidationView(AssistantView):
    """GET the problems of the stored content, POST a draft to hear its problems."""

    required_permissions = view_and_edit() | {"POST": Permission.ASSISTANT_VIEW}

    @extend_schema(responses=ValidationSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(validation_document(self.assistant()))

    @extend_schema(request=DraftSerializer, responses=DraftProblemsSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        draft = self.validated(DraftSerializer)
        check_size(draft["body"])
        problems = draft_problems(
            self.assistant(), kind=Kind(draft["kind"]), key=draft["id"], body=draft["body"]
        )
        return Response({"problems": problems})
