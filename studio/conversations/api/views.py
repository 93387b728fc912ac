"""Conversations and their review."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from studio.accounts.api.base import SEARCH, ApiView, id_parameter, time_parameter
from studio.accounts.permissions import MissingPermission, Permission
from studio.assistants.access import access, holds_anywhere, only_visible
from studio.assistants.api.base import MayEnterSome
from studio.common.errors import NotFound
from studio.common.pagination import NewestFirstCursor
from studio.conversations.api.serializers import (
    ConversationBulkDoneSerializer,
    ConversationBulkSerializer,
    ConversationBulkTagSerializer,
    ConversationDetailSerializer,
    ConversationSerializer,
    ConversationSummarySerializer,
    ConversationTagsSerializer,
    ConversationUpdateSerializer,
    EventSerializer,
    TagCreateSerializer,
    TagSerializer,
    WaitingEventsSerializer,
)
from studio.conversations.errors import TagTaken
from studio.conversations.models import Conversation
from studio.conversations.selectors import conversations as selectors
from studio.conversations.services import review
from studio.conversations.waiting import waiting_by_assistant

_PARAMETERS = [
    id_parameter("assistant", "Of this assistant"),
    OpenApiParameter("search", str, description="Every word was said in it"),
    OpenApiParameter("channel", str, description="On this channel"),
    OpenApiParameter("test", bool, description="Tries in Studio, or real conversations"),
    OpenApiParameter("flow", str, description="That went through the flow of this id"),
    OpenApiParameter("reviewed", bool, description="Whether somebody reviewed it"),
    OpenApiParameter("outcome", str, enum=Conversation.Outcome.values, description="How it ended"),
    OpenApiParameter("tag", str, description="With the tag of this name"),
    time_parameter("after", "With an event at or after this moment"),
    time_parameter("before", "With no event from this moment on"),
]


class ConversationCursor(NewestFirstCursor):
    ordering = ("-last_event_at", "-id")


class EventCursor(NewestFirstCursor):
    page_size = 200
    max_page_size = 1000
    ordering = ("at", "id")


class ConversationView(ApiView):
    """A view of conversations of the assistants that the person may see them of."""

    permission_classes = [MayEnterSome]

    @property
    def needed(self) -> Permission:
        permission = self.required_permissions[str(self.request.method)]
        assert permission is not None  # noqa: S101  each method of these views names one
        return permission

    def conversation(self) -> Conversation:
        """:raises NotFound: it is not there, or not for them"""
        return selectors.conversation_get(self.person, self.kwargs["conversation_id"], self.needed)

    def chosen(self, ids: Any, permission: Permission) -> QuerySet[Conversation]:
        return only_visible(review.selected(ids), self.person, permission)

    def filters(self) -> dict[str, str]:
        return {name: self.word(name) for name in selectors.FILTERS}


class ConversationsView(ConversationView):
    required_permissions = {"GET": Permission.CONVERSATION_VIEW}
    pagination_class = ConversationCursor

    @extend_schema(parameters=_PARAMETERS, responses=ConversationSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List conversations.

        Of all assistants that you may see conversations of, the one with the newest message
        first.
        """
        page: Any = self.paginate_queryset(selectors.conversations(self.person, self.filters()))
        documents = [selectors.conversation_document(conversation) for conversation in page]
        return self.get_paginated_response(documents)


class ConversationSummaryView(ConversationView):
    required_permissions = {"GET": Permission.CONVERSATION_VIEW}

    @extend_schema(parameters=_PARAMETERS, responses=ConversationSummarySerializer)
    def get(self, request: Request) -> Response:
        """Count conversations.

        How many the filters let through, how many of them nobody reviewed, and which channels
        and flows they have.
        """
        return Response(selectors.summary_document(self.person, self.filters()))


class WaitingEventsView(ApiView):
    required_permissions = {"GET": Permission.CONVERSATION_VIEW}
    pagination_class = None

    @extend_schema(responses=WaitingEventsSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List events without an assistant.

        Events that bots publish under names that no assistant has. They wait for one, and are
        dropped in the end.
        """
        return Response(waiting_by_assistant())


class ConversationDetailView(ConversationView):
    required_permissions = {
        "GET": Permission.CONVERSATION_VIEW,
        "PATCH": Permission.CONVERSATION_REVIEW,
        "DELETE": Permission.CONVERSATION_DELETE,
    }

    @extend_schema(responses=ConversationDetailSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Read a conversation.

        With the slots as they are after its last event.
        """
        return Response(selectors.detail_document(self.conversation()))

    @extend_schema(request=ConversationUpdateSerializer, responses=ConversationDetailSerializer)
    def patch(self, request: Request, **kwargs: Any) -> Response:
        """Mark a conversation as reviewed.

        Or, with false, as not reviewed.
        """
        data = self.validated(ConversationUpdateSerializer)
        review.conversations_review(
            conversations=review.selected([self.conversation().pk]),
            reviewed=data["reviewed"],
            user=self.person,
        )
        return Response(selectors.detail_document(self.conversation()))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Delete a conversation.

        With its events, for good.
        """
        review.conversations_delete(conversations=review.selected([self.conversation().pk]))
        return Response(status=204)


class ConversationTagsView(ConversationView):
    required_permissions = {"PUT": Permission.CONVERSATION_REVIEW}

    @extend_schema(request=ConversationTagsSerializer, responses=ConversationDetailSerializer)
    def put(self, request: Request, **kwargs: Any) -> Response:
        """Set the tags of a conversation.

        These instead of those that it has. Tags that do not exist are created.
        """
        data = self.validated(ConversationTagsSerializer)
        conversation = review.conversation_tag(conversation=self.conversation(), names=data["tags"])
        return Response(selectors.detail_document(conversation))


class ConversationEventsView(ConversationView):
    required_permissions = {"GET": Permission.CONVERSATION_VIEW}
    pagination_class = EventCursor

    @extend_schema(
        parameters=[
            OpenApiParameter("quiet", bool, description="Also events that people do not see")
        ],
        responses=EventSerializer(many=True),
    )
    def get(self, request: Request, **kwargs: Any) -> Response:
        """List the events of a conversation.

        Oldest first. With `quiet` also those that people do not see, such as listening.
        """
        conversation = self.conversation()
        rows = selectors.events_of(conversation, quiet=bool(self.flag("quiet")))
        page: Any = self.paginate_queryset(rows)
        places = selectors.places_of(conversation, page)
        return self.get_paginated_response(
            [selectors.event_document(event, places[event.pk]) for event in page]
        )


class ConversationBulkView(ConversationView):
    required_permissions = {"POST": Permission.CONVERSATION_REVIEW}

    @extend_schema(
        request=PolymorphicProxySerializer(
            "ConversationBulkAny",
            {"tag": ConversationBulkTagSerializer, "other": ConversationBulkSerializer},
            resource_type_field_name=None,
        ),
        responses=ConversationBulkDoneSerializer,
    )
    def post(self, request: Request) -> Response:
        """Change many conversations.

        Review, tag or delete up to 1000. Ids that do not exist or that you may not see are
        passed over; `count` is how many were changed.
        """
        tags = isinstance(request.data, dict) and request.data.get("action") == "tag"
        data = self.validated(ConversationBulkTagSerializer if tags else ConversationBulkSerializer)
        chosen = self.chosen(data["ids"], self.needed)
        if data["action"] == "delete":
            if not holds_anywhere(self.person, Permission.CONVERSATION_DELETE):
                raise MissingPermission(Permission.CONVERSATION_DELETE, self.person)
            chosen = self.chosen(data["ids"], Permission.CONVERSATION_DELETE)
            count = review.conversations_delete(conversations=chosen)
        elif data["action"] == "tag":
            count = review.conversations_tag(conversations=chosen, name=data["tag"])
        else:
            count = review.conversations_review(
                conversations=chosen, reviewed=data["action"] == "review", user=self.person
            )
        return Response({"count": count})


class TagsView(ConversationView):
    required_permissions = {
        "GET": Permission.CONVERSATION_VIEW,
        "POST": Permission.CONVERSATION_REVIEW,
    }
    failures = {"POST": (TagTaken, NotFound)}

    @extend_schema(
        parameters=[SEARCH, id_parameter("assistant", "Of this assistant")],
        responses=TagSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List tags.

        With how many conversations have each.
        """
        rows = selectors.tags_in_use(self.person, self.word("assistant"), self.word("search"))
        page: Any = self.paginate_queryset(rows)
        return self.get_paginated_response([selectors.tag_document(tag) for tag in page])

    @extend_schema(request=TagCreateSerializer, responses={201: TagSerializer})
    def post(self, request: Request) -> Response:
        """Create a tag.

        For the conversations of one assistant.
        """
        data = self.validated(TagCreateSerializer)
        assistant = access(self.person, data["assistant"], self.needed)
        tag = review.tag_create(assistant=assistant, name=data["name"])
        return Response(selectors.tag_document(tag), status=201)


class TagView(ConversationView):
    required_permissions = {"DELETE": Permission.CONVERSATION_REVIEW}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Delete a tag.

        Conversations lose it; they stay.
        """
        review.tag_delete(tag=selectors.tag_get(self.person, kwargs["tag_id"], self.needed))
        return Response(status=204)
