"""Shapes of the REST contract: assistants."""

from typing import Any

from rest_framework import serializers

from studio.assistants.models import Change

# DRF's stubs want the type that is serialised; here it is always a JSON document.
Serializer = serializers.Serializer[Any]


class PersonField(Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class VersionBriefSerializer(Serializer):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    status = serializers.CharField()
    progress = serializers.IntegerField()
    error_message = serializers.CharField(allow_null=True)


class ProblemTotalsSerializer(Serializer):
    errors = serializers.IntegerField()  # type: ignore[assignment]  # a field, not DRF's property
    warnings = serializers.IntegerField()


class AssistantSerializer(Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField()
    language = serializers.CharField()
    additional_languages = serializers.ListField(child=serializers.CharField())
    icon = serializers.CharField()
    flow_count = serializers.IntegerField()
    conversation_count_7_days = serializers.IntegerField()
    latest_version = VersionBriefSerializer(allow_null=True)
    ready_version = VersionBriefSerializer(allow_null=True)
    editors = PersonField(many=True)
    problems = ProblemTotalsSerializer(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    updated_by = PersonField(allow_null=True)
    deleted_at = serializers.DateTimeField(allow_null=True)


class AssistantCreateSerializer(Serializer):
    name = serializers.CharField()
    language = serializers.RegexField(r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$", required=False)
    sample = serializers.CharField(required=False, allow_null=True)


class AssistantUpdateSerializer(Serializer):
    name = serializers.CharField(required=False)
    description = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    icon = serializers.CharField(required=False, allow_blank=True, max_length=64)


class AssistantDuplicateSerializer(Serializer):
    name = serializers.CharField()


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


class ImportedSerializer(Serializer):
    assistant = AssistantSerializer()
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
    action = serializers.ChoiceField(choices=Change.Action.choices)
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
    text = serializers.CharField(allow_blank=True, trim_whitespace=False, max_length=1_000_000)
    revision = serializers.IntegerField(min_value=0)
