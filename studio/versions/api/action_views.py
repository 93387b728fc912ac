"""One run of a custom action, as its page asks for it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from studio.accounts.api.fields import Serializer, TextField
from studio.accounts.permissions import Permission
from studio.content.api.base import ContentView
from studio.model_service.errors import DiskFull, ModelServiceUnavailable, TooManyBots
from studio.versions.errors import NotPossibleNow
from studio.versions.single_action import action_run


class ActionToRunSerializer(Serializer):
    action = TextField(max_length=500)
    slots = serializers.DictField(
        child=serializers.JSONField(allow_null=True, help_text="Any JSON"),
        required=False,
        help_text="Values that it finds, by slot; the others are as at the beginning",
    )


class SaidMessageSerializer(Serializer):
    text = serializers.CharField(allow_null=True)
    more = serializers.DictField(
        child=serializers.JSONField(help_text="Any JSON"),
        help_text="Buttons, image, custom data and what else there is of it",
    )


class SetSlotSerializer(Serializer):
    slot = serializers.CharField()
    value = serializers.JSONField(allow_null=True, help_text="Any JSON")


class ActionRunSerializer(Serializer):
    messages = SaidMessageSerializer(many=True)
    slots = SetSlotSerializer(many=True, help_text="That it set, in order")
    events = serializers.ListField(
        child=serializers.CharField(), help_text="Kinds of the other events that it returned"
    )
    problem = serializers.CharField(allow_null=True, help_text="Why it did not come to its end")
    rejected = serializers.BooleanField(help_text="Whether it refused to run")
    path = serializers.CharField(allow_null=True, help_text="The file where the problem is")
    line = serializers.IntegerField(allow_null=True)
    unsaid = serializers.ListField(
        child=serializers.CharField(), help_text="Why messages could not be said as they are"
    )
    output = serializers.CharField(help_text="What was printed, with tracebacks")
    seconds = serializers.FloatField(allow_null=True)


class ActionRunsView(ContentView):
    # Whoever may run code here may write it, too.
    required_permissions = {"POST": Permission.SETTINGS_EDIT}
    failures = {"POST": (NotPossibleNow, TooManyBots, DiskFull, ModelServiceUnavailable)}

    @extend_schema(request=ActionToRunSerializer, responses=ActionRunSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Run a custom action.

        With the project's code as it is now, in the model service, confined as beside an
        assistant. Nothing of the assistant changes; what the code itself calls outside does
        happen.
        """
        data = self.validated(ActionToRunSerializer)
        found = action_run(self.branch(), data["action"], data.get("slots", {}))
        return Response(found, headers={"Cache-Control": "no-store"})
