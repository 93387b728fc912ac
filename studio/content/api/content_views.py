"""Content that is not a plain item: patterns, derived lists, texts, files, history, validation."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from modelservice.project.model import Kind
from studio.accounts.api.base import id_parameter
from studio.accounts.permissions import Permission
from studio.common.pagination import NewestFirstCursor
from studio.content.api.base import SEARCH, ContentView, view_and_edit
from studio.content.api.item_serializers import (
    ButtonSerializer,
    DraftProblemsSerializer,
    DraftSerializer,
    ItemUpdateSerializer,
    LinkSerializer,
    SystemFlowSerializer,
    ValidationSerializer,
)
from studio.content.api.item_shapes import SHAPES
from studio.content.api.item_views import ItemView
from studio.content.api.revisions import (
    ETAG,
    IF_MATCH,
    IF_NONE_MATCH,
    unless_known,
    wanted_revision,
    with_etag,
)
from studio.content.api.serializers import (
    ChangeSerializer,
    TextSerializer,
    TextUpdateSerializer,
)
from studio.content.errors import BranchProtected, PreconditionFailed, RevisionConflict
from studio.content.models import Item
from studio.content.selectors import history, lists, system_flows
from studio.content.selectors.documents import item_document
from studio.content.selectors.items import text_get
from studio.content.selectors.problems import draft_problems, validation_document
from studio.content.selectors.texts import text_document
from studio.content.services import flows as flow_services
from studio.content.services import texts
from studio.content.services.items import check_size
from studio.content.services.precondition import at_revision


class SystemFlowsView(ContentView):
    required_permissions = view_and_edit()

    @extend_schema(parameters=[SEARCH], responses=SystemFlowSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """List system flows.

        Rasa's default patterns; `customised` are those of which the assistant has its own.
        """
        return self.page_of(system_flows.system_flow_list(self.branch(), self.word("search")))


class SystemFlowView(ItemView):
    """A default pattern, or the assistant's own version of it; DELETE goes back to the default."""

    kind = Kind.SYSTEM_FLOW

    @extend_schema(parameters=[ETAG], responses=SHAPES[Kind.SYSTEM_FLOW].detail)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Read a system flow.

        The assistant's own version of a default pattern, or the default.
        """
        return with_etag(system_flows.system_flow_document(self.branch(), kwargs["item_id"]))

    @extend_schema(
        parameters=[IF_MATCH, ETAG],
        request=SHAPES[Kind.SYSTEM_FLOW].update,
        responses=SHAPES[Kind.SYSTEM_FLOW].detail,
    )
    def put(self, request: Request, **kwargs: Any) -> Response:
        """Write a system flow.

        From then on the assistant has its own version of the pattern. For the first one the
        revision is 0.
        """
        data = self.validated(ItemUpdateSerializer)
        with self.at_wanted_revision():
            item = flow_services.system_flow_update(
                branch=self.branch(),
                key=kwargs["item_id"],
                body=data["body"],
                revision=data["revision"],
                author=self.author(data.get("reason", "")),
            )
        return with_etag(item_document(item))


class ButtonsView(ContentView):
    required_permissions = view_and_edit()

    @extend_schema(parameters=[SEARCH], responses=ButtonSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """List buttons.

        Of all responses, with their variation and place.
        """
        return self.page_of(lists.button_list(self.branch(), search=self.word("search")))


class LinksView(ContentView):
    required_permissions = view_and_edit()

    @extend_schema(parameters=[SEARCH], responses=LinkSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """List links between flows.

        Each step that links to or calls another flow.
        """
        return self.page_of(lists.link_list(self.branch(), search=self.word("search")))


class TextView(ContentView):
    kind: ClassVar[Kind]
    required_permissions = view_and_edit("PUT", edit=Permission.SETTINGS_EDIT)
    failures = {"PUT": (RevisionConflict, PreconditionFailed, BranchProtected)}

    @extend_schema(parameters=[IF_NONE_MATCH, ETAG], responses={200: TextSerializer, 304: None})
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Read {one}.

        The file as its authors wrote it. Secrets in it are hidden from whoever may not change
        settings.
        """
        return unless_known(request, self.document(text_get(self.branch(), self.kind)))

    @extend_schema(
        parameters=[IF_MATCH, ETAG], request=TextUpdateSerializer, responses=TextSerializer
    )
    def put(self, request: Request, **kwargs: Any) -> Response:
        """Write {one}.

        The whole file, kept byte for byte. It has to be YAML with the sections that Rasa needs.
        """
        data = self.validated(TextUpdateSerializer)
        with at_revision(
            branch=self.branch(),
            kind=self.kind,
            key=text_get(self.branch(), self.kind).key,
            revision=wanted_revision(request),
        ):
            text = texts.text_update(
                branch=self.branch(),
                kind=self.kind,
                content=data["text"],
                revision=data["revision"],
                author=self.author(),
            )
        return with_etag(self.document(text))

    def document(self, item: Item) -> dict[str, Any]:
        return text_document(item, with_secrets=self.may(Permission.SETTINGS_EDIT))


class ConfigView(TextView):
    kind = Kind.CONFIG


class EndpointsView(TextView):
    kind = Kind.ENDPOINTS


class HistoryView(ContentView):
    required_permissions = view_and_edit()
    pagination_class = NewestFirstCursor

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", str, enum=list(Kind), description="Of items of this kind"),
            OpenApiParameter("item", str, description="Of the item of this id"),
            id_parameter("actor", "By this person"),
        ],
        responses=ChangeSerializer(many=True),
    )
    def get(self, request: Request, **kwargs: Any) -> Response:
        """List changes of items.

        One entry for each item that a commit changed, newest first, with what it was before and
        after.
        """
        filters = {name: self.word(name) for name in ("kind", "item", "actor")}
        page: Any = self.paginate_queryset(history.item_changes(self.branch(), filters))
        secrets = self.may(Permission.SETTINGS_EDIT)
        return self.get_paginated_response(
            history.item_change_documents(page, with_secrets=secrets)
        )


class ValidationView(ContentView):
    """GET the problems of the stored content, POST a draft to hear its problems."""

    required_permissions = view_and_edit() | {"POST": Permission.ASSISTANT_VIEW}

    @extend_schema(responses=ValidationSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Check the content.

        Every error and warning of the branch. What has no errors can be trained.
        """
        return Response(validation_document(self.branch()))

    @extend_schema(request=DraftSerializer, responses=DraftProblemsSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Check a draft.

        The problems that an item would have if this body were saved. Nothing is saved.
        """
        draft = self.validated(DraftSerializer)
        check_size(draft["body"])
        problems = draft_problems(
            self.branch(), kind=Kind(draft["kind"]), key=draft["id"], body=draft["body"]
        )
        return Response({"problems": problems})
