"""A conversation becomes a test of its assistant."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from modelservice.project.e2e_recording import recorded
from studio.accounts.permissions import Permission
from studio.assistants.access import access
from studio.common.errors import Invalid
from studio.content.api.base import door_of
from studio.content.api.e2e_serializers import MAX_EVENTS, TestDetailSerializer
from studio.content.api.e2e_views import NOTHING_SAID
from studio.content.errors import BranchProtected, TooLarge
from studio.content.selectors.e2e_tests import case_document
from studio.content.selectors.items import branch_get
from studio.content.services.e2e_tests import case_create
from studio.content.services.write import Author
from studio.conversations.api.serializers import ConversationTestSerializer
from studio.conversations.api.views import ConversationView
from studio.conversations.selectors.conversations import events_of


class ConversationTestView(ConversationView):
    required_permissions = {"POST": Permission.CONVERSATION_VIEW}
    failures = {"POST": (TooLarge, BranchProtected)}

    @extend_schema(request=ConversationTestSerializer, responses={201: TestDetailSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Save a conversation as a test.

        Of its assistant, on the branch main, which you need the right to edit: what the user said
        in the newest session, or in that of the event `until`, and what has to happen again after
        each message.
        """
        data = self.validated(ConversationTestSerializer)
        conversation = self.conversation()
        assistant = access(self.person, conversation.assistant_id, Permission.CONTENT_EDIT)
        rows = events_of(conversation, quiet=False).order_by("at", "id")
        events = list(rows.values_list("data", flat=True)[: data.get("until")])
        body = recorded(events[-MAX_EVENTS:], data.get("name", ""))
        if body is None:
            raise Invalid(NOTHING_SAID)
        item, name = case_create(
            branch=branch_get(assistant.pk),
            written=body,
            author=Author(self.person, door_of(request)),
            free_name=True,
        )
        return Response(case_document(item, name), status=201)
