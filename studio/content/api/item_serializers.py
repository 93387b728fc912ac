"""Shapes of the REST contract: content of an assistant."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from modelservice.project.model import Kind
from studio.accounts.api.fields import NumberField, PatternField, PersonField, Serializer, TextField
from studio.content.summaries import CONTENTS

# The shapes of bodies are those of `modelservice.project.json_schema`.
BODIES = "#/components/schemas/"
BODY_OF: dict[Kind, str] = {
    Kind.FLOW: "FlowBody",
    Kind.SYSTEM_FLOW: "FlowBody",
    Kind.RESPONSE: "ResponseBody",
    Kind.SLOT: "SlotBody",
    Kind.ACTION: "NamedBody",
    Kind.INTENT: "NamedBody",
    Kind.ENTITY: "NamedBody",
    Kind.PROMPT: "PromptBody",
    Kind.NLU: "NluBody",
}
EDITED_KINDS = [kind.value for kind in BODY_OF]
_ANY_BODY = {"anyOf": [{"$ref": f"{BODIES}{name}"} for name in dict.fromkeys(BODY_OF.values())]}


def body_field(name: str) -> Any:
    """A field whose value has the shape of that name."""
    described: Any = extend_schema_field({"$ref": f"{BODIES}{name}"})
    return described(type(f"{name}Field", (serializers.JSONField,), {}))


@extend_schema_field({"type": ["string", "integer"]})
class PointerPartField(serializers.JSONField):
    """A key or an index."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, str | int):
            self.fail("invalid")
        return data


@extend_schema_field(_ANY_BODY)
class BodyField(serializers.JSONField):
    pass


@extend_schema_field({"type": ["object", "array", "string", "number", "boolean"]})
class DraftBodyField(serializers.JSONField):
    pass


class PlaceSerializer(Serializer):
    flow = serializers.CharField()
    flow_name = serializers.CharField()
    step = serializers.CharField(allow_null=True)


class FixSerializer(Serializer):
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not its own label
    action = serializers.CharField()
    arguments = serializers.DictField(
        child=serializers.CharField(allow_null=True),
        help_text="What the action needs, by name: `id`, `new`, `text`, `step` …",
    )


class ProblemSerializer(Serializer):
    code = serializers.CharField()
    severity = serializers.ChoiceField(choices=["error", "warning"])
    message = serializers.CharField()
    kind = serializers.CharField()
    id = serializers.CharField()
    item_name = serializers.CharField()
    step = serializers.CharField(allow_null=True)
    pointer = serializers.CharField(allow_null=True)
    fix = FixSerializer(allow_null=True)


class ValidationSerializer(Serializer):
    errors = serializers.IntegerField()  # type: ignore[assignment]  # a field, not DRF's property
    warnings = serializers.IntegerField()
    problems = ProblemSerializer(many=True)


class DraftSerializer(Serializer):
    kind = serializers.ChoiceField(
        choices=["flow", "system_flow", "response", "slot"],
        help_text="What the draft is",
    )
    id = TextField()
    body = DraftBodyField(help_text="Of the shape of its kind, or on its way there")


class DraftProblemsSerializer(Serializer):
    problems = ProblemSerializer(many=True)


class StampSerializer(Serializer):
    """What every item of a list ends with."""

    revision = serializers.IntegerField()
    updated_at = serializers.DateTimeField()
    updated_by = PersonField(allow_null=True)


@extend_schema_field({"type": ["string", "boolean", "null"]})
class GuardField(serializers.JSONField):
    pass


class FlowSerializer(StampSerializer):
    id = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    step_count = serializers.IntegerField()
    linked_from = PlaceSerializer(many=True)
    called_from = PlaceSerializer(many=True)
    error_count = serializers.IntegerField()
    warning_count = serializers.IntegerField()
    slots = serializers.ListField(child=serializers.CharField())
    guard = GuardField()


class SystemFlowSerializer(FlowSerializer):
    customised = serializers.BooleanField()
    updated_at = serializers.DateTimeField(allow_null=True)


class ResponseSerializer(StampSerializer):
    id = serializers.CharField()
    variation_count = serializers.IntegerField()
    text = serializers.CharField(help_text="The first text")
    words = serializers.CharField(
        help_text="All other words that a person reads, also of buttons and translations"
    )
    buttons = serializers.IntegerField(help_text="How many buttons its variations have")
    texts = serializers.IntegerField(help_text="How many texts there are to translate")
    translated = serializers.DictField(
        child=serializers.IntegerField(), help_text="By language: how many of them are translated"
    )
    channels = serializers.ListField(child=serializers.CharField())
    contents = serializers.ListField(child=serializers.ChoiceField(choices=[*CONTENTS]))
    rephrase = serializers.BooleanField(
        allow_null=True, help_text="Whether it says so itself; null: as the assistant"
    )
    origin = serializers.ChoiceField(
        choices=["own", "customised", "default"],
        help_text="Of the assistant, in place of one of the runtime, or the runtime's own",
    )
    used_in = PlaceSerializer(many=True)
    error_count = serializers.IntegerField()
    warning_count = serializers.IntegerField()
    updated_at = serializers.DateTimeField(allow_null=True)


class SlotSerializer(StampSerializer):
    id = serializers.CharField()
    type = serializers.CharField()
    values = serializers.ListField(
        child=serializers.JSONField(help_text="Any JSON"),
        allow_null=True,
        help_text="Of a categorical slot",
    )
    initial_value = serializers.JSONField(help_text="Any JSON")
    used_in = PlaceSerializer(many=True)
    asks_count = serializers.IntegerField(help_text="Steps that ask for it")
    sets_count = serializers.IntegerField(help_text="Steps that set it")
    reads_count = serializers.IntegerField(help_text="Steps and flows whose conditions read it")
    error_count = serializers.IntegerField()
    warning_count = serializers.IntegerField()


class NamedItemSerializer(StampSerializer):
    id = serializers.CharField()
    used_in = PlaceSerializer(many=True)


class ButtonSerializer(Serializer):
    response = serializers.CharField()
    variation = serializers.IntegerField()
    index = serializers.IntegerField()
    title = serializers.CharField()
    payload = serializers.CharField()


class LinkSerializer(Serializer):
    kind = serializers.ChoiceField(choices=[("link", "link"), ("call", "call")])
    target = serializers.CharField()
    flow = serializers.CharField()
    flow_name = serializers.CharField()
    step = serializers.CharField(allow_null=True)


class ItemSerializer(StampSerializer):
    """One item with its whole body."""

    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=EDITED_KINDS)
    body = BodyField(allow_null=True)
    source_path = serializers.CharField(allow_null=True)
    updated_at = serializers.DateTimeField(allow_null=True)
    problems = ProblemSerializer(many=True)


class ItemCreateSerializer(Serializer):
    id = TextField(max_length=500)
    body = BodyField(allow_null=True)


class ItemUpdateSerializer(Serializer):
    revision = NumberField(min_value=0)
    body = BodyField(allow_null=True)
    reason = TextField(required=False, allow_blank=True, max_length=2000)


class SlotRenameSerializer(Serializer):
    id = PatternField(r"^[A-Za-z_][A-Za-z0-9_-]*$", max_length=200)
    revision = NumberField(min_value=0)


class FlowRenameSerializer(Serializer):
    id = PatternField(r"^[A-Za-z0-9_][A-Za-z0-9_-]*$", max_length=200)
    revision = NumberField(min_value=0)


class ExampleCreateSerializer(Serializer):
    text = TextField(max_length=2000, help_text="What a user said")


class ExampleSerializer(Serializer):
    text = serializers.CharField()
    intent = serializers.CharField(help_text="Starts the flow; made with the example if it is new")
    flow = serializers.CharField()
