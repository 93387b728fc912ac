"""Shapes of the REST contract: end-to-end tests."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from studio.accounts.api.fields import NumberField, PersonField, Serializer, TextField
from studio.content.api.file_serializers import PATH
from studio.content.services.e2e_tests import NEW_TESTS

_BODY = "`test_case` (its name) and `steps`, as in Rasa's end-to-end tests"
MAX_EVENTS = 5000


@extend_schema_field({"type": ["object", "string"], "additionalProperties": True})
class WrittenField(serializers.JSONField):
    """A test as values, or as YAML."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict | str):
            self.fail("invalid")
        return data


class TestSerializer(Serializer):
    id = serializers.CharField(
        allow_null=True, help_text="`file::name`; null where the name does not tell it from others"
    )
    name = serializers.CharField(allow_blank=True)
    line = serializers.IntegerField(allow_null=True, help_text="Where it begins in the file")
    body = serializers.DictField(help_text=_BODY)
    problem = serializers.CharField(allow_null=True, help_text="Why it cannot be run")


class TestFileSerializer(Serializer):
    path = serializers.CharField(help_text=PATH)
    tests = TestSerializer(many=True)
    problem = serializers.CharField(allow_null=True, help_text="Why the file cannot be read")
    revision = serializers.IntegerField()
    updated_at = serializers.DateTimeField(allow_null=True)
    updated_by = PersonField(allow_null=True)


class TestDetailSerializer(TestSerializer):
    kind = serializers.CharField(help_text="`test`")
    path = serializers.CharField(help_text=PATH)
    place = serializers.IntegerField(help_text="Among the tests of the file, from 0")
    revision = serializers.IntegerField(help_text="Of the file")
    updated_at = serializers.DateTimeField(allow_null=True)
    updated_by = PersonField(allow_null=True)


class TestYamlSerializer(TestDetailSerializer):
    body = serializers.CharField(help_text="Its YAML, with the comments")  # type: ignore[assignment]  # the one field that differs


class TestCreateSerializer(Serializer):
    body = WrittenField(help_text=f"{_BODY}; or the same as YAML, whose comments are kept")
    path = TextField(
        max_length=500, required=False, help_text=f"The file; {NEW_TESTS} where there is none"
    )
    place = NumberField(
        min_value=0,
        max_value=100_000,
        required=False,
        help_text="Among the tests of the file, from 0; else at the end",
    )


class TestUpdateSerializer(Serializer):
    revision = NumberField(min_value=0, help_text="Of the file, when the test was read")
    body = serializers.DictField(help_text=_BODY)


class TestYamlUpdateSerializer(Serializer):
    revision = NumberField(min_value=0, help_text="Of the file, when the test was read")
    body = TextField(trim_whitespace=False, help_text="The YAML of the one test")


class TestRenameSerializer(Serializer):
    name = TextField(max_length=1000)
    revision = NumberField(min_value=0, help_text="Of the file, when the test was read")


class TestRecordSerializer(Serializer):
    events = serializers.ListField(
        child=serializers.DictField(),
        max_length=MAX_EVENTS,
        help_text="Of a tracker, as assistants publish them",
    )
    name = TextField(max_length=200, required=False, help_text="Else its first words")
    path = TextField(max_length=500, required=False, help_text="As in a new test")
