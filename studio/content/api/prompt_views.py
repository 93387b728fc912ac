"""The prompts for language models: the runtime's own, and an assistant's in their place."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from modelservice.project.prompts import LONGEST
from studio.accounts.api.base import view_and_edit
from studio.accounts.api.fields import PatternField, Serializer, TextField
from studio.accounts.permissions import Permission
from studio.common.errors import NotFound
from studio.content.api.base import ContentView
from studio.content.errors import BranchProtected, TooLarge
from studio.content.selectors.prompts import NAMES, prompt_document, prompt_list, prompt_name
from studio.content.services.prompts import prompt_reset, prompt_write

_PATH = r"^([^\x00-\x1f\x7f]*)$"


PROMPT = OpenApiParameter(
    "prompt", str, OpenApiParameter.PATH, enum=NAMES, description="Which of them"
)


class ModelPromptSerializer(Serializer):
    name = serializers.ChoiceField(choices=NAMES)
    state = serializers.ChoiceField(
        choices=["default", "own", "missing", "unused"],
        help_text="missing: it is named and not there; unused: no component has it",
    )
    path = serializers.CharField(help_text="Of the assistant's own; empty: the default is used")
    default = serializers.CharField(
        allow_null=True, help_text="The runtime's; null: the model service does not tell"
    )
    variables = serializers.ListField(child=serializers.CharField())


class ModelPromptWriteSerializer(Serializer):
    text = TextField(max_length=LONGEST, trim_whitespace=False)
    path = PatternField(_PATH, max_length=200, required=False, allow_blank=True)


class ModelPromptsView(ContentView):
    required_permissions = view_and_edit()
    pagination_class = None

    @extend_schema(responses=ModelPromptSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """List the prompts for language models.

        Of the command generator, the rephraser and the search, with the runtime's own.
        """
        return Response(prompt_list(self.branch()))


class ModelPromptView(ContentView):
    required_permissions = {
        "POST": Permission.SETTINGS_EDIT,
        "DELETE": Permission.SETTINGS_EDIT,
    }
    failures = {
        "POST": (BranchProtected, NotFound, TooLarge),
        "DELETE": (BranchProtected, NotFound),
    }

    @extend_schema(
        parameters=[PROMPT],
        request=ModelPromptWriteSerializer,
        responses={201: ModelPromptSerializer},
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Write a prompt of your own.

        A file with this text, which config.yml or endpoints.yml names from now on, in one commit.
        Later edits are those of the file.
        """
        name = prompt_name(kwargs["prompt"])
        data = self.validated(ModelPromptWriteSerializer)
        author = self.author("Prompt of its own")
        branch = self.branch()
        path = data.get("path", "")
        prompt_write(branch=branch, name=name, text=data["text"], path=path, author=author)
        return Response(prompt_document(branch, name), status=201)

    @extend_schema(parameters=[PROMPT], responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Go back to the default prompt.

        The file goes with it unless something else names it.
        """
        name = prompt_name(kwargs["prompt"])
        author = self.author("Prompt back to the default")
        prompt_reset(branch=self.branch(), name=name, author=author)
        return Response(status=204)
