"""Shapes of the REST contract: content of an assistant."""

from rest_framework import serializers

from studio.accounts.api.fields import PersonField, Serializer


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
    id = serializers.CharField()
    body = serializers.JSONField()


class DraftProblemsSerializer(Serializer):
    problems = ProblemSerializer(many=True)


class StampSerializer(Serializer):
    """What every item of a list ends with."""

    revision = serializers.IntegerField()
    updated_at = serializers.DateTimeField()
    updated_by = PersonField(allow_null=True)


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
    guard = serializers.JSONField()


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
    kind = serializers.CharField()
    body = serializers.JSONField()
    source_path = serializers.CharField(allow_null=True)
    updated_at = serializers.DateTimeField(allow_null=True)
    problems = ProblemSerializer(many=True)


class ItemCreateSerializer(Serializer):
    id = serializers.CharField(max_length=500)
    body = serializers.JSONField(allow_null=True)


class ItemUpdateSerializer(Serializer):
    revision = serializers.IntegerField(min_value=0)
    body = serializers.JSONField(allow_null=True)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class SlotRenameSerializer(Serializer):
    id = serializers.RegexField(r"^[A-Za-z_][A-Za-z0-9_-]*$", max_length=200)
    revision = serializers.IntegerField(min_value=0)


class SlotRenamedSerializer(Serializer):
    slot = ItemSerializer()
    left = serializers.ListField(
        child=serializers.CharField(),
        help_text="Actions and files that seem to name the slot, and were not changed",
    )


class FlowRenameSerializer(Serializer):
    id = serializers.RegexField(r"^[A-Za-z0-9_][A-Za-z0-9_-]*$", max_length=200)
    revision = serializers.IntegerField(min_value=0)


class ExampleCreateSerializer(Serializer):
    text = serializers.CharField(max_length=2000, help_text="What a user said")


class ExampleSerializer(Serializer):
    text = serializers.CharField()
    intent = serializers.CharField(help_text="Starts the flow; made with the example if it is new")
    flow = serializers.CharField()
