"""What users said and nothing was understood of."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from studio.accounts.api.fields import Serializer
from studio.accounts.permissions import Permission
from studio.content.api.base import ContentView
from studio.conversations.selectors.unfitted import unfitted
from studio.versions.api.understanding_views import ClosestExampleSerializer


class UnfittedSerializer(Serializer):
    text = serializers.CharField()
    count = serializers.IntegerField(help_text="How often it was said")
    last_at = serializers.DateTimeField()
    conversation = serializers.UUIDField(help_text="The last one in which it was said")
    closest = ClosestExampleSerializer(allow_null=True)


class UnfittedView(ContentView):
    required_permissions = {"GET": Permission.CONVERSATION_VIEW}
    pagination_class = None

    @extend_schema(responses=UnfittedSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """List what was said and fitted nothing.

        Sentences of real conversations of the last 7 days in which nothing was understood, those
        that were said most often first, at most 50; what is an example by now is left out.
        """
        return Response(unfitted(self.branch()))
