"""A sentence, and what the assistant would understand by it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from studio.accounts.api.fields import Serializer, TextField
from studio.accounts.permissions import Permission
from studio.content.api.base import ContentView
from studio.content.api.understanding_serializers import CloseExampleSerializer
from studio.model_service.errors import DiskFull, ModelServiceUnavailable, TooManyBots
from studio.versions import monitor
from studio.versions.errors import NotPossibleNow
from studio.versions.understanding import understand

STATES = ["understood", "waking", "untrained"]
_LONGEST = 2000


class SentenceSerializer(Serializer):
    text = TextField(max_length=_LONGEST)


class AskedVersionSerializer(Serializer):
    id = serializers.UUIDField()
    number = serializers.IntegerField()


class NamedFlowSerializer(Serializer):
    flow = serializers.CharField()
    flow_name = serializers.CharField()


class MatchedFlowSerializer(NamedFlowSerializer):
    score = serializers.FloatField(help_text="How probable it is")


class ConfidentIntentSerializer(Serializer):
    name = serializers.CharField()
    confidence = serializers.FloatField()


class FoundEntitySerializer(Serializer):
    entity = serializers.CharField()
    value = serializers.JSONField(help_text="Any JSON")
    start = serializers.IntegerField(allow_null=True)
    end = serializers.IntegerField(allow_null=True)
    role = serializers.CharField(allow_null=True)
    group = serializers.CharField(allow_null=True)


class FilledSlotSerializer(Serializer):
    slot = serializers.CharField()
    value = serializers.JSONField(help_text="Any JSON")


class CountedWordSerializer(Serializer):
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    weight = serializers.FloatField(help_text="Its share of what all words count")


class ReadingSerializer(Serializer):
    text = serializers.CharField()
    flow = NamedFlowSerializer(allow_null=True, help_text="That would start")
    commands = serializers.ListField(child=serializers.CharField())
    reason = serializers.CharField(help_text="In words; empty where the runtime says none")
    generator = serializers.CharField(help_text="What proposed the commands, such as offline")
    intents = ConfidentIntentSerializer(many=True, help_text="The most probable, the best first")
    no_intent = serializers.FloatField(
        allow_null=True, help_text="How probable it is that none is meant"
    )
    flows = MatchedFlowSerializer(many=True, help_text="The most probable, the best first")
    no_flow = serializers.FloatField(allow_null=True)
    entities = FoundEntitySerializer(many=True)
    slots = FilledSlotSerializer(many=True)
    words = CountedWordSerializer(many=True)
    threshold = serializers.FloatField(
        allow_null=True, help_text="Confidence from which on the best intent starts a flow"
    )
    milliseconds = serializers.FloatField()


class ClosestExampleSerializer(CloseExampleSerializer):
    alike = serializers.FloatField(help_text="In words; 1: the same ones")


class UnderstoodSerializer(Serializer):
    state = serializers.ChoiceField(choices=STATES)
    version = AskedVersionSerializer(
        allow_null=True, help_text="That was asked; null: there is none"
    )
    edited = serializers.BooleanField(
        help_text="Whether what decides it was changed since that version was trained"
    )
    reading = ReadingSerializer(allow_null=True, help_text="null unless it is understood")
    closest = ClosestExampleSerializer(
        allow_null=True, help_text="The example that is most like it, as they are now"
    )


class UnderstandView(ContentView):
    required_permissions = {"POST": Permission.ASSISTANT_TRY}
    failures = {"POST": (NotPossibleNow, TooManyBots, DiskFull, ModelServiceUnavailable)}

    @extend_schema(request=SentenceSerializer, responses=UnderstoodSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Try a sentence.

        What the newest trained version would understand by it at the beginning of a conversation,
        and why. One that is asleep is woken: ask again while `state` is `waking`.
        """
        found = understand(self.branch(), self.validated(SentenceSerializer)["text"])
        if found["state"] == "waking":
            monitor.wake()
        return Response(found, headers={"Cache-Control": "no-store"})
