"""A prompt as it would be sent in a conversation."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from modelservice.project.prompts import LONGEST
from studio.accounts.api.fields import Serializer, TextField
from studio.accounts.permissions import Permission
from studio.common.errors import NotFound
from studio.content.api.base import ContentView
from studio.content.api.prompt_views import PROMPT
from studio.content.selectors.prompts import prompt_name
from studio.model_service.errors import DiskFull, ModelServiceUnavailable, TooManyBots
from studio.versions import monitor
from studio.versions.errors import NotPossibleNow
from studio.versions.prompt_preview import prompt_preview

_MOST_EVENTS = 2000


class PromptPreviewSerializer(Serializer):
    text = TextField(max_length=LONGEST, trim_whitespace=False)
    events = serializers.ListField(
        child=serializers.DictField(),
        max_length=_MOST_EVENTS,
        help_text="Of a conversation in their order, as they were published",
    )


class PromptMadeSerializer(Serializer):
    state = serializers.ChoiceField(choices=["made", "waking", "untrained"])
    version = serializers.IntegerField(allow_null=True, help_text="Number of the one asked")
    prompt = serializers.CharField(help_text="Empty unless it is made")
    problem = serializers.CharField(help_text="Why it cannot be made; empty: it is")


class PromptPreviewView(ContentView):
    required_permissions = {"POST": Permission.ASSISTANT_TRY}
    failures = {"POST": (NotFound, NotPossibleNow, TooManyBots, DiskFull, ModelServiceUnavailable)}

    @extend_schema(
        parameters=[PROMPT], request=PromptPreviewSerializer, responses=PromptMadeSerializer
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Preview a prompt.

        What this template would become at the end of a conversation, made by the newest trained
        version; nothing is sent to a language model. One that is asleep is woken: ask again while
        `state` is `waking`.
        """
        name = prompt_name(kwargs["prompt"])
        data = self.validated(PromptPreviewSerializer)
        found = prompt_preview(self.branch(), name, data["text"], data["events"])
        if found["state"] == "waking":
            monitor.wake()
        return Response(found, headers={"Cache-Control": "no-store"})
