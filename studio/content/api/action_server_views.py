"""Who runs the custom actions of an assistant: a form over endpoints.yml."""

from typing import Any, get_args

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from modelservice.project.action_server import Runner
from studio.accounts.api.base import view_and_edit
from studio.accounts.api.fields import PatternField, Serializer
from studio.accounts.permissions import Permission
from studio.common.errors import FieldProblem, Invalid
from studio.content.api.base import ContentView
from studio.content.api.language_model_views import ADDRESS
from studio.content.errors import ActionServerNotAsked, BranchProtected, TooManyTries
from studio.content.selectors.action_server import action_server_document
from studio.content.services.action_server import action_server_check, action_server_set
from studio.model_service.errors import ModelServiceUnavailable

RUNNERS = get_args(Runner)


class ActionServerSerializer(Serializer):
    runner = serializers.ChoiceField(choices=RUNNERS, help_text="project: code of its own")
    url = serializers.CharField(help_text="Of a server; empty: none is named")
    module = serializers.CharField(
        help_text="Python module that runs, or stands in for a server on the same machine"
    )
    more = serializers.ListField(
        child=serializers.CharField(), help_text="Settings that the form does not show"
    )
    code_files = serializers.IntegerField(help_text="How many files of code the project has")
    actions = serializers.IntegerField(help_text="How many custom actions it has")
    unreadable = serializers.BooleanField(help_text="Whether endpoints.yml is no YAML map")


class ActionServerUpdateSerializer(Serializer):
    runner = serializers.ChoiceField(choices=RUNNERS)
    url = PatternField(
        ADDRESS,
        max_length=500,
        required=False,
        allow_blank=True,
        error_messages={
            "invalid": "An address begins with http:// or https://, and holds no password."
        },
    )


class ActionServerView(ContentView):
    required_permissions = view_and_edit("PUT", edit=Permission.SETTINGS_EDIT)
    failures = {"PUT": (BranchProtected,)}
    pagination_class = None

    def _document(self) -> dict[str, Any]:
        with_secrets = self.may(Permission.SETTINGS_EDIT)
        return action_server_document(self.branch(), with_secrets=with_secrets)

    @extend_schema(responses=ActionServerSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Read the action server.

        Who runs the custom actions, as far as a form can show it.
        """
        return Response(self._document())

    @extend_schema(request=ActionServerUpdateSerializer, responses=ActionServerSerializer)
    def put(self, request: Request, **kwargs: Any) -> Response:
        """Set the action server.

        Nobody, code of the project, or a server by its address; endpoints.yml is edited in place.
        """
        data = self.validated(ActionServerUpdateSerializer)
        runner, url = data["runner"], data.get("url", "")
        if runner == "server" and not url:
            message = "A server needs an address."
            raise Invalid(message, errors=[FieldProblem(field="url", message=message)])
        author = self.author("Action server changed")
        action_server_set(branch=self.branch(), runner=runner, url=url, author=author)
        return Response(self._document())


class ActionServerCheckedSerializer(Serializer):
    state = serializers.ChoiceField(
        choices=["reachable", "refused", "timed_out", "other"],
        help_text="other: something answers that is no action server",
    )
    status = serializers.IntegerField(allow_null=True, help_text="HTTP status of what answered")
    milliseconds = serializers.FloatField()


class ActionServerCheckView(ContentView):
    required_permissions = {"POST": Permission.SETTINGS_EDIT}
    failures = {"POST": (ActionServerNotAsked, TooManyTries, ModelServiceUnavailable)}

    @extend_schema(request=None, responses=ActionServerCheckedSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Check the action server.

        Whether one answers at the address in endpoints.yml (`GET /health` of Rasa's SDK), asked
        from where assistants run.
        """
        found = action_server_check(self.branch())
        return Response(found, headers={"Cache-Control": "no-store"})
