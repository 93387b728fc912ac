"""Shapes of the REST contract: responses, their uses and their words."""

from rest_framework import serializers

from modelservice.project.model import Kind
from studio.accounts.api.fields import NumberField, PatternField, Serializer, TextField
from studio.content.api.history_serializers import CommitSerializer
from studio.content.api.item_serializers import EDITED_KINDS
from studio.content.api.item_shapes import SHAPES
from studio.content.services.items import ID_PATTERNS

WAYS = ["says", "asks", "refuses"]


class ResponseRenameSerializer(Serializer):
    id = PatternField(f"^(?:{ID_PATTERNS[Kind.RESPONSE].pattern})$", max_length=500)
    revision = NumberField(min_value=0)


class ResponseRenamedSerializer(Serializer):
    response = SHAPES[Kind.RESPONSE].detail()
    left = serializers.ListField(
        child=serializers.CharField(),
        help_text="Code, tests and prompts that name the response, and were not changed",
    )


class StepUseSerializer(Serializer):
    flow = serializers.CharField()
    flow_name = serializers.CharField()
    step = serializers.CharField()
    how = serializers.ChoiceField(choices=WAYS)


class SlotUseSerializer(Serializer):
    slot = serializers.CharField()
    how = serializers.ChoiceField(choices=WAYS)


class ResponseContextSerializer(Serializer):
    flows = StepUseSerializer(many=True)
    slots = SlotUseSerializer(many=True, help_text="Slots whose validation says it")
    patterns = serializers.ListField(
        child=serializers.CharField(), help_text="Default system flows that say it"
    )
    texts = serializers.ListField(
        child=serializers.CharField(), help_text="Paths of tests, code and prompts that name it"
    )
    rephrasing = serializers.ChoiceField(
        choices=["none", "marked", "all"],
        help_text="Which responses of the assistant a language model says in other words",
    )


class ReplaceExceptionSerializer(Serializer):
    response = TextField(max_length=500)
    pointer = TextField(max_length=1000)


class ReplaceSerializer(Serializer):
    find = TextField(max_length=2000, trim_whitespace=False)
    replacement = TextField(max_length=2000, allow_blank=True, trim_whitespace=False)
    whole_words = serializers.BooleanField(default=False)
    match_case = serializers.BooleanField(default=False)
    revisions = serializers.DictField(
        child=NumberField(min_value=0),
        required=False,
        help_text="Of each response to change, the revision that was seen; without: a preview",
    )
    exceptions = ReplaceExceptionSerializer(
        many=True, required=False, help_text="Texts that stay as they are"
    )


class MatchSerializer(Serializer):
    response = serializers.CharField()
    revision = serializers.IntegerField()
    pointer = serializers.CharField(help_text="Of the text, in the body of the response")
    variation = serializers.IntegerField()
    field = serializers.ChoiceField(choices=["text", "button", "quick_reply"])
    language = serializers.CharField(allow_null=True, help_text="null: the assistant's own")
    before = serializers.CharField()
    after = serializers.CharField()


class ReplacedSerializer(Serializer):
    commit = CommitSerializer(allow_null=True, help_text="null: a preview, or nothing to change")
    matches = MatchSerializer(many=True)


class DeletedItemSerializer(Serializer):
    kind = serializers.ChoiceField(choices=EDITED_KINDS)
    key = TextField(max_length=1000)
    revision = NumberField(min_value=0)


class DeleteSerializer(Serializer):
    items = DeletedItemSerializer(many=True, allow_empty=False)


class DeletedSerializer(Serializer):
    commit = CommitSerializer(allow_null=True)
