"""The language model of an assistant: a form over config.yml and endpoints.yml, and a try."""

import math
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from modelservice.project.language_model import MORE
from studio.accounts.api.base import view_and_edit
from studio.accounts.api.fields import NumberField, PatternField, Serializer, TextField
from studio.accounts.permissions import Permission
from studio.content.api.base import ContentView
from studio.content.errors import BranchProtected, ModelNotAsked, TooManyTries
from studio.content.selectors.language_model import language_model_document
from studio.content.services.language_model import (
    known_variables,
    language_model_change,
    language_model_try,
)
from studio.model_service.errors import ModelServiceUnavailable

_LONGEST_TEXT = 2000
_LINE = r"^[^\x00-\x1f\x7f]*$"
# A password in an address would be in the file, in its history and in every export.
ADDRESS = r"^((https?://|\$\{[A-Za-z0-9_]+\})[^\s@\x00-\x1f\x7f]*)?$"
_VARIABLE = r"^([A-Z][A-Z0-9_]*)?$"


class RealField(serializers.FloatField):
    """A number as it was sent: 7 stays 7. DRF takes "7", true and NaN."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool | str) or (isinstance(data, float) and not math.isfinite(data)):
            self.fail("invalid")
        value = super().to_internal_value(data)
        return data if isinstance(data, int) else value


class ModelSettingsSerializer(Serializer):
    provider = serializers.CharField()
    model = serializers.CharField()
    deployment = serializers.CharField(help_text="Of azure")
    api_base = serializers.CharField(help_text="Address; empty: the provider's own")
    api_version = serializers.CharField(help_text="Of azure")
    key = serializers.CharField(help_text="Name of the variable that holds the key; empty: none")
    temperature = serializers.FloatField(allow_null=True)
    timeout = serializers.FloatField(allow_null=True, help_text="Seconds")
    max_tokens = serializers.IntegerField(allow_null=True, help_text="Of an answer")


class ModelSettingsUpdateSerializer(Serializer):
    provider = PatternField(_LINE, max_length=40, required=False)
    model = PatternField(_LINE, max_length=200, required=False, allow_blank=True)
    deployment = PatternField(_LINE, max_length=200, required=False, allow_blank=True)
    api_base = PatternField(
        ADDRESS,
        max_length=500,
        required=False,
        allow_blank=True,
        error_messages={
            "invalid": "An address begins with http:// or https://, and holds no password."
        },
    )
    api_version = PatternField(_LINE, max_length=40, required=False, allow_blank=True)
    key = PatternField(
        _VARIABLE,
        max_length=64,
        required=False,
        allow_blank=True,
        error_messages={
            "invalid": "Only the name of a variable is kept, such as OPENAI_API_KEY: capital"
            " letters, digits and underscores. A key itself is never stored.",
            "max_length": "Only the name of a variable is kept, such as OPENAI_API_KEY. A key"
            " itself is never stored.",
        },
    )
    temperature = RealField(min_value=0, max_value=2, required=False, allow_null=True)
    timeout = RealField(min_value=0.1, max_value=120, required=False, allow_null=True)
    max_tokens = NumberField(min_value=1, max_value=100_000, required=False, allow_null=True)


class MoreSerializer(Serializer):
    file = serializers.CharField()
    what = serializers.ChoiceField(choices=MORE)
    name = serializers.CharField(help_text="Of the setting that is not shown")


class ModelUseSerializer(Serializer):
    role = serializers.ChoiceField(choices=["command_generator", "rephraser", "search"])
    on = serializers.BooleanField()
    same = serializers.BooleanField(help_text="Whether it asks the command generator's model")
    model = serializers.CharField(help_text="The group or the model as it is written")


class FlowInPromptSerializer(Serializer):
    flow = serializers.CharField()
    flow_name = serializers.CharField()


class LanguageModelSerializer(Serializer):
    component = serializers.CharField(help_text="Command generator of the pipeline; empty: none")
    place = serializers.ChoiceField(choices=["group", "component", "none"])
    group = serializers.CharField()
    settings = ModelSettingsSerializer(allow_null=True, help_text="null: no model is asked")
    more = MoreSerializer(many=True, help_text="What the files say and the form does not show")
    uses = ModelUseSerializer(many=True)
    always = FlowInPromptSerializer(
        many=True, help_text="Flows that the command generator is always shown"
    )
    unreadable = serializers.CharField(help_text="File that is no YAML map; empty: none")


class LanguageModelView(ContentView):
    required_permissions = view_and_edit("PATCH", "DELETE", edit=Permission.SETTINGS_EDIT)
    failures = {"PATCH": (BranchProtected,), "DELETE": (BranchProtected,)}

    def _document(self) -> dict[str, Any]:
        with_secrets = self.may(Permission.SETTINGS_EDIT)
        return language_model_document(self.branch(), with_secrets=with_secrets)

    @extend_schema(responses=LanguageModelSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Read the language model.

        Which one the command generator asks, as far as a form can show it.
        """
        return Response(self._document())

    @extend_schema(request=ModelSettingsUpdateSerializer, responses=LanguageModelSerializer)
    def patch(self, request: Request, **kwargs: Any) -> Response:
        """Change the language model.

        The fields that are sent, in config.yml and endpoints.yml as one commit. Comments and
        whatever else is in the files stay.
        """
        fields = self.validated(ModelSettingsUpdateSerializer)
        author = self.author("Language model changed")
        language_model_change(branch=self.branch(), fields=fields, author=author)
        return Response(self._document())

    @extend_schema(responses={200: LanguageModelSerializer})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Use no language model.

        The command generator understands offline then; the groups in endpoints.yml stay.
        """
        author = self.author("Language model switched off")
        language_model_change(branch=self.branch(), fields=None, author=author)
        return Response(self._document())


class SentenceToModelSerializer(Serializer):
    text = TextField(max_length=_LONGEST_TEXT)


class ModelUsageSerializer(Serializer):
    prompt_tokens = serializers.IntegerField(required=False)
    completion_tokens = serializers.IntegerField(required=False)


class ModelTriedSerializer(Serializer):
    model = serializers.CharField()
    answer = serializers.CharField(help_text="Its words; empty where there is a problem")
    problem = serializers.CharField(help_text="One sentence; empty where it answered")
    status = serializers.IntegerField(allow_null=True, help_text="HTTP status of its server")
    milliseconds = serializers.FloatField()
    usage = ModelUsageSerializer(help_text="Tokens, as far as its server counts them")


class LanguageModelTryView(ContentView):
    required_permissions = {"POST": Permission.SETTINGS_EDIT}
    failures = {"POST": (ModelNotAsked, TooManyTries, ModelServiceUnavailable)}

    @extend_schema(request=SentenceToModelSerializer, responses=ModelTriedSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Try the language model.

        Sends one sentence to the model that is set now, trained or not. What its provider refuses
        is a `problem`; the key is in no answer.
        """
        text = self.validated(SentenceToModelSerializer)["text"]
        found = language_model_try(branch=self.branch(), text=text)
        return Response(found, headers={"Cache-Control": "no-store"})


class KnownVariablesSerializer(Serializer):
    variables = serializers.ListField(
        child=serializers.CharField(),
        allow_null=True,
        help_text="null: the model service in use does not tell",
    )


class VariablesView(ContentView):
    required_permissions = {"GET": Permission.SETTINGS_EDIT}
    failures = {"GET": (ModelServiceUnavailable,)}
    pagination_class = None

    @extend_schema(responses=KnownVariablesSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """List the variables of the model service.

        Names of those that are set and that assistants may read, never their values.
        """
        return Response({"variables": known_variables()})
