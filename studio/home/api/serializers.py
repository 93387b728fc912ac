"""Shapes of the REST contract: assistants as the pages show them."""

from typing import Any

from rest_framework import serializers

from studio.accounts.api.fields import (
    PermissionsField,
    PersonField,
    Serializer,
    TextField,
    TruthField,
)
from studio.content.api.language_field import LanguageField
from studio.content.api.serializers import ImportReportSerializer
from studio.versions.lifecycle import Status


class VersionBriefSerializer(Serializer):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    status = serializers.ChoiceField(choices=Status.choices)
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
    purge_at = serializers.DateTimeField(
        allow_null=True, help_text="When a deleted assistant is purged; null: it is kept"
    )
    members_only = serializers.BooleanField()
    permissions = PermissionsField(help_text="What the person who asks may do in it")


class AssistantCreateSerializer(Serializer):
    name = TextField(max_length=128)
    language = LanguageField(required=False)
    additional_languages = serializers.ListField(
        child=LanguageField(),
        required=False,
        max_length=100,
        help_text="Each once; with a `sample`, those beside its own",
    )
    sample = TextField(required=False, allow_null=True)
    starter = TruthField(
        required=False, help_text="With a greeting and one flow to begin with; not with a `sample`"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("sample") and attrs.get("starter"):
            raise serializers.ValidationError({"starter": ["A sample has flows of its own."]})
        return attrs


class AssistantUpdateSerializer(Serializer):
    name = TextField(required=False, max_length=128)
    description = TextField(required=False, allow_blank=True, max_length=5000)
    icon = TextField(required=False, allow_blank=True, max_length=64)
    members_only = TruthField(required=False)


class ImportedSerializer(Serializer):
    assistant = AssistantSerializer()
    report = ImportReportSerializer()
