"""Shapes of the REST contract: branches, commits and differences."""

from typing import Any

from rest_framework import serializers

from modelservice.project.model import Kind
from studio.accounts.api.fields import (
    NumberField,
    PatternField,
    PersonField,
    Serializer,
    TextField,
    TruthField,
)
from studio.content.api.item_serializers import PointerPartField, ProblemSerializer, body_field
from studio.content.models import Door
from studio.content.services.branches import NAME, NAME_RULE

ITEM_ACTIONS = ["added", "removed", "changed", "renamed"]


class BranchSerializer(Serializer):
    name = serializers.CharField()
    protected = serializers.BooleanField()
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # not DRF's property
    waits = serializers.BooleanField(
        help_text="There is something on it that was not merged into another branch"
    )
    start = serializers.IntegerField()
    head = serializers.IntegerField()
    flow_count = serializers.IntegerField()
    error_count = serializers.IntegerField()
    warning_count = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    created_by = PersonField(allow_null=True)


class BranchCreateSerializer(Serializer):
    name = PatternField(
        rf"^(?:{NAME.pattern})$",
        max_length=100,
        error_messages={"invalid": NAME_RULE},
    )
    # `from` is a word of Python.
    from_ = TextField(
        required=False, help_text="NAME or NAME@NUMBER; the newest commit of main by default"
    )

    def get_fields(self) -> dict[str, serializers.Field]:  # type: ignore[type-arg]  # as in DRF
        fields = super().get_fields()
        return {"from" if name == "from_" else name: field for name, field in fields.items()}


class BranchUpdateSerializer(Serializer):
    name = TextField(required=False, max_length=100)
    protected = TruthField(required=False)


class ResolutionSerializer(Serializer):
    kind = TextField()
    key = TextField()
    pointer = serializers.ListField(child=PointerPartField())
    side = serializers.ChoiceField(
        choices=["before", "mine", "theirs", "edited"],
        help_text="mine: as in the branch that takes the changes; theirs: as in the other one",
    )
    value = serializers.JSONField(
        required=False, help_text="What the field becomes, any JSON; with edited"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs["side"] == "edited") != ("value" in attrs):
            raise serializers.ValidationError({"value": "It goes with the side `edited` alone."})
        return attrs


class BranchMergeSerializer(Serializer):
    into = TextField(help_text="Name of the branch that takes the changes")
    resolutions = ResolutionSerializer(many=True, required=False)


class CommitItemSerializer(Serializer):
    kind = serializers.CharField()
    key = serializers.CharField()
    removed = serializers.BooleanField()


class CommitSerializer(Serializer):
    number = serializers.IntegerField()
    branch = serializers.CharField()
    author = PersonField(allow_null=True)
    door = serializers.ChoiceField(choices=Door.choices)
    message = serializers.CharField()
    at = serializers.DateTimeField()
    merged = serializers.CharField(allow_null=True, help_text="NAME@NUMBER that was merged in")
    items = CommitItemSerializer(many=True, help_text="The first 20")
    item_count = serializers.IntegerField()


class FieldDifferenceSerializer(Serializer):
    action = serializers.ChoiceField(choices=["added", "removed", "changed", "moved"])
    path = serializers.ListField(child=PointerPartField())
    step = serializers.CharField(allow_null=True)
    field = serializers.CharField()
    before = serializers.JSONField(
        allow_null=True, help_text="The value of the field, any JSON; an index where it moved"
    )
    after = serializers.JSONField(allow_null=True, help_text="As `before`; null: it is gone")
    sentence = serializers.CharField()


class ItemDifferenceSerializer(Serializer):
    kind = serializers.CharField()
    key = serializers.CharField()
    action = serializers.ChoiceField(choices=ITEM_ACTIONS)
    before_key = serializers.CharField(allow_null=True)
    changes = FieldDifferenceSerializer(many=True)


class ChangedBySerializer(Serializer):
    author = PersonField(allow_null=True)
    at = serializers.DateTimeField()


class MergeConflictSerializer(Serializer):
    kind = serializers.CharField()
    key = serializers.CharField()
    pointer = serializers.ListField(child=PointerPartField())
    step = serializers.CharField(allow_null=True, help_text="The step that the field is in")
    field = serializers.CharField(help_text="What the field is called; empty: the whole of it")
    base = serializers.JSONField(
        required=False, help_text="The value before, any JSON; absent: it was not there"
    )
    mine = serializers.JSONField(required=False, help_text="Of the branch that takes the changes")
    theirs = serializers.JSONField(required=False, help_text="Of the branch that is merged")
    mine_by = ChangedBySerializer(allow_null=True)
    theirs_by = ChangedBySerializer(allow_null=True)


class JoinedFlowSerializer(Serializer):
    kind = serializers.ChoiceField(choices=[Kind.FLOW.value, Kind.SYSTEM_FLOW.value])
    key = serializers.CharField()
    body = body_field("FlowBody")(help_text="Both changes together; in a conflict stands mine")


class MergePreviewSerializer(Serializer):
    source = BranchSerializer()  # type: ignore[assignment]  # not DRF's property
    into = BranchSerializer()
    conflicts = MergeConflictSerializer(many=True)
    flows = JoinedFlowSerializer(many=True)
    changes = ItemDifferenceSerializer(many=True)


class CommitDetailSerializer(CommitSerializer):
    diff = ItemDifferenceSerializer(many=True)


class RestoreItemSerializer(Serializer):
    kind = TextField()
    key = TextField()


class RestoreSerializer(Serializer):
    commit = NumberField(min_value=1)
    items = RestoreItemSerializer(many=True, required=False, help_text="By default everything")


class RestoredSerializer(Serializer):
    commit = CommitSerializer(allow_null=True)
    problems = ProblemSerializer(many=True, help_text="Errors of what came back")
