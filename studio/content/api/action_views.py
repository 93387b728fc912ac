"""What has to do with a custom action."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from modelservice.project.model import Kind
from studio.accounts.api.fields import Serializer
from studio.content.api.base import ContentView, view_and_edit
from studio.content.selectors.action_code import code_of
from studio.content.selectors.items import item_get


def _names(help_text: str) -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(), help_text=help_text)


class ActionCodeSerializer(Serializer):
    path = serializers.CharField(help_text="Of the file")
    line = serializers.IntegerField(help_text="Where its class begins")
    reads = _names("Slots that it reads")
    sets = _names("Slots that it sets")
    says = _names("Responses that it says")


class FoundCodeSerializer(Serializer):
    code = ActionCodeSerializer(allow_null=True, help_text="null: no file of the project has it")


class ActionCodeView(ContentView):
    required_permissions = view_and_edit()

    @extend_schema(responses=FoundCodeSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Find the code of an action.

        The class of the project's Python files that has its name, and the slots and responses that
        it names.
        """
        branch = self.branch()
        action = item_get(branch, Kind.ACTION, kwargs["item_id"])
        return Response({"code": code_of(branch, action.key)})
