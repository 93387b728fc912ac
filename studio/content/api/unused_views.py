"""What nothing in an assistant names."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from studio.accounts.api.fields import Serializer
from studio.content.api.base import ContentView, view_and_edit
from studio.content.selectors.unused import unused


class UnusedItemsSerializer(Serializer):
    responses = serializers.ListField(child=serializers.CharField())
    slots = serializers.ListField(child=serializers.CharField())
    actions = serializers.ListField(child=serializers.CharField())


class UnusedView(ContentView):
    required_permissions = view_and_edit()
    pagination_class = None

    @extend_schema(responses=UnusedItemsSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """List what is not used.

        Responses, slots and custom actions that no flow, response, slot, story, form, prompt, test
        or code names. What the runtime says or runs by itself counts as used.
        """
        return Response(unused(self.branch()))
