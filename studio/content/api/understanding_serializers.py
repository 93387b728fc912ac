"""Shapes of the REST contract: what an assistant is taught to understand."""

from rest_framework import serializers

from modelservice.project.model import Kind
from modelservice.project.nlu_editing import LONGEST_EXAMPLE
from studio.accounts.api.fields import NumberField, PatternField, PersonField, Serializer, TextField
from studio.content.api.item_serializers import StampSerializer
from studio.content.selectors.understanding import LIST_LABELS
from studio.content.services.items import ID_PATTERNS

_MOST_CHANGES = 10_000


class _StampSerializer(StampSerializer):
    revision = serializers.IntegerField(help_text="0: the domain does not list it")
    updated_at = serializers.DateTimeField(allow_null=True)
    updated_by = PersonField(allow_null=True)


class StartedFlowSerializer(Serializer):
    flow = serializers.CharField()
    flow_name = serializers.CharField()
    threshold = serializers.FloatField(help_text="Confidence from which on it starts")


class IntentSerializer(_StampSerializer):
    id = serializers.CharField()
    example_count = serializers.IntegerField()
    flows = StartedFlowSerializer(many=True, help_text="That it starts")
    slots = serializers.ListField(
        child=serializers.CharField(), help_text="Whose mappings look at it"
    )


class IntentExamplesSerializer(IntentSerializer):
    examples = serializers.ListField(
        child=serializers.CharField(), help_text="As nlu.yml has them, entities marked"
    )


class EntitySerializer(_StampSerializer):
    id = serializers.CharField()
    mark_count = serializers.IntegerField(help_text="How often examples mark it")
    intents = serializers.ListField(
        child=serializers.CharField(), help_text="Whose examples mark it"
    )
    roles = serializers.ListField(child=serializers.CharField())
    groups = serializers.ListField(child=serializers.CharField())
    lists = serializers.ListField(
        child=serializers.ChoiceField(choices=["lookup", "regex"]),
        help_text="That hold values of it",
    )
    slots = serializers.ListField(
        child=serializers.CharField(), help_text="That are filled from it"
    )


class WordListSerializer(StampSerializer):
    id = serializers.CharField(help_text="Its kind and name")
    kind = serializers.ChoiceField(choices=LIST_LABELS)
    name = serializers.CharField(help_text="Of a synonym the value that is meant")
    count = serializers.IntegerField()
    first = serializers.ListField(child=serializers.CharField())
    problems = serializers.ListField(
        child=serializers.CharField(), help_text="Patterns that are left out, and why"
    )


class ExamplePlaceSerializer(Serializer):
    intent = TextField(max_length=500)
    text = TextField(max_length=LONGEST_EXAMPLE, help_text="As nlu.yml has it, entities marked")


class ExampleChangeSerializer(Serializer):
    was = ExamplePlaceSerializer(allow_null=True, help_text="null: it is new")
    becomes = ExamplePlaceSerializer(allow_null=True, help_text="null: it is removed")
    position = NumberField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=1_000_000,
        help_text="Where it goes among those of its intent; at the end without it",
    )


class ExampleChangesSerializer(Serializer):
    changes = serializers.ListField(child=ExampleChangeSerializer(), max_length=_MOST_CHANGES)


class ExamplesChangedSerializer(Serializer):
    commit = serializers.IntegerField(allow_null=True, help_text="null: nothing was changed")


class IntentRenameSerializer(Serializer):
    id = PatternField(f"^(?:{ID_PATTERNS[Kind.INTENT].pattern})$", max_length=200)
    revision = NumberField(min_value=0)


class EntityRenameSerializer(Serializer):
    id = PatternField(f"^(?:{ID_PATTERNS[Kind.ENTITY].pattern})$", max_length=200)
    revision = NumberField(min_value=0)


class NameChangedSerializer(Serializer):
    id = serializers.CharField()
    left = serializers.ListField(
        child=serializers.CharField(),
        help_text="Files that seem to name it, and were not changed",
    )


class CloseExampleSerializer(Serializer):
    intent = serializers.CharField()
    text = serializers.CharField(help_text="As nlu.yml has it")


class ClosePairSerializer(Serializer):
    """Two examples of different intents that are nearly the same."""

    here = CloseExampleSerializer()
    there = CloseExampleSerializer()
    alike = serializers.FloatField(help_text="1: in the same words")
