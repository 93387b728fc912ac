"""Shapes of the REST contract: projects, texts and files of an assistant."""

from rest_framework import serializers

from studio.accounts.api.fields import NumberField, PersonField, Serializer, TextField
from studio.content.api.history_serializers import CommitSerializer, ItemDifferenceSerializer

_ACTIONS = ["created", "updated", "deleted", "restored", "imported"]


class AssistantDuplicateSerializer(Serializer):
    name = TextField(max_length=128)


class AssistantImportSerializer(Serializer):
    file = serializers.FileField()
    name = serializers.CharField(required=False, allow_blank=True)


class FindingSerializer(Serializer):
    file = serializers.CharField(required=False)
    line = serializers.IntegerField(required=False)
    item = serializers.CharField(required=False)
    message = serializers.CharField()


class KeptSerializer(Serializer):
    path = serializers.CharField()
    what = serializers.CharField()


class UnusedSerializer(Serializer):
    path = serializers.CharField()
    reason = serializers.CharField()


class ImportReportSerializer(Serializer):
    flows = serializers.IntegerField()
    system_flows = serializers.IntegerField()
    responses = serializers.IntegerField()
    slots = serializers.IntegerField()
    actions = serializers.IntegerField()
    intents = serializers.IntegerField()
    entities = serializers.IntegerField()
    nlu = serializers.IntegerField()
    prompts = serializers.IntegerField()
    stories = serializers.IntegerField()
    rules = serializers.IntegerField()
    kept = KeptSerializer(many=True)
    unused = UnusedSerializer(many=True)
    warnings = FindingSerializer(many=True)


class ImportIntoSerializer(Serializer):
    file = serializers.FileField()
    mode = serializers.ChoiceField(choices=["merge", "replace"])
    preview = serializers.BooleanField(default=False)


class ImportPreviewSerializer(Serializer):
    commit = CommitSerializer(allow_null=True)
    diff = ItemDifferenceSerializer(many=True)
    report = ImportReportSerializer()


class SampleSerializer(Serializer):
    id = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    language = serializers.CharField()
    icon = serializers.CharField()
    flow_count = serializers.IntegerField()


class DownloadLinkSerializer(Serializer):
    url = serializers.URLField(
        allow_null=True,
        help_text="A signed address in the storage, good for minutes; null: download it from here.",
    )


class KeptFileSerializer(Serializer):
    path = serializers.CharField()
    size = serializers.IntegerField()
    what = serializers.CharField()


class ChangeSerializer(Serializer):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    item = serializers.CharField()
    action = serializers.ChoiceField(
        choices=["created", "updated", "deleted", "restored", "imported"]
    )
    before = serializers.JSONField()
    after = serializers.JSONField()
    revision = serializers.IntegerField()
    actor = PersonField(allow_null=True)
    at = serializers.DateTimeField()
    reason = serializers.CharField()


class TextSerializer(Serializer):
    text = serializers.CharField(trim_whitespace=False)
    revision = serializers.IntegerField()
    updated_at = serializers.DateTimeField()
    updated_by = PersonField(allow_null=True)


class TextUpdateSerializer(Serializer):
    text = TextField(allow_blank=True, trim_whitespace=False, max_length=1_000_000)
    revision = NumberField(min_value=0)
