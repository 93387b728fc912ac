"""Shapes of the REST contract: content of an assistant."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from modelservice.project.model import Kind
from studio.accounts.api.fields import NumberField, PatternField, PersonField, Serializer, TextField

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
}
EDITED_KINDS = [kind.value for kind in BODY_OF]
_ANY_BODY = {"anyOf": [{"$ref": f"{BODIES}{name}"} for name in dict.fromkeys(BODY_OF.values())]}


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
    arguments = serializers.DictField()


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
    text = serializers.CharField()
    used_in = PlaceSerializer(many=True)


class SlotSerializer(StampSerializer):
    id = serializers.CharField()
    type = serializers.CharField()
    values = serializers.ListField(child=serializers.JSONField(), allow_null=True)
    initial_value = serializers.JSONField()
    used_in = PlaceSerializer(many=True)


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


class SlotRenamedSerializer(Serializer):
    slot = ItemSerializer()
    left = serializers.ListField(
        child=serializers.CharField(),
        help_text="Actions and files that seem to name the slot, and were not changed",
    )


class FlowRenameSerializer(Serializer):
    id = PatternField(r"^[A-Za-z0-9_][A-Za-z0-9_-]*$", max_length=200)
    revision = NumberField(min_value=0)


class ExampleCreateSerializer(Serializer):
    text = TextField(max_length=2000, help_text="What a user said")


class ExampleSerializer(Serializer):
    text = serializers.CharField()
    intent = serializers.CharField(help_text="Starts the flow; made with the example if it is new")
    flow = serializers.CharField()
