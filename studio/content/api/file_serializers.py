"""Shapes of the REST contract: the files of a project."""

from rest_framework import serializers

from studio.accounts.api.fields import NumberField, PersonField, Serializer, TextField
from studio.accounts.roles import Permission
from studio.content.api.serializers import FindingSerializer

PATH = "Of the project, such as e2e_tests/transfers.yml"


class ItemCountSerializer(Serializer):
    kind = serializers.CharField()
    count = serializers.IntegerField()


class FileSerializer(Serializer):
    path = serializers.CharField(help_text=PATH)
    size = serializers.IntegerField(
        allow_null=True, help_text="In bytes; null where the file is made of items when it is read"
    )
    what = serializers.CharField(help_text="What it is for")
    items = ItemCountSerializer(many=True, help_text="What of the assistant stands in it")


class FileDetailSerializer(Serializer):
    id = serializers.CharField(help_text="The path")
    kind = serializers.ChoiceField(choices=[("file", "file")])
    body = serializers.CharField(
        allow_null=True, help_text="Its text; null where it is none, or longer than 1 MB"
    )
    size = serializers.IntegerField(help_text="In bytes")
    what = serializers.CharField(help_text="What it is for")
    edited_as = serializers.ChoiceField(
        choices=["text", "bytes", "items"],
        help_text="As text; as bytes, uploaded anew; or as the items that pages show",
    )
    permission = serializers.ChoiceField(
        choices=[Permission.CONTENT_EDIT.value, Permission.SETTINGS_EDIT.value],
        help_text="What is needed to change it",
    )
    items = ItemCountSerializer(many=True)
    revision = serializers.IntegerField()
    updated_at = serializers.DateTimeField(allow_null=True)
    updated_by = PersonField(allow_null=True)
    findings = FindingSerializer(many=True, help_text="Why it cannot be read, with the line")


class FileCreateSerializer(Serializer):
    path = TextField(max_length=500, help_text=PATH)
    file = serializers.FileField(allow_empty_file=True)


class FileUpdateSerializer(Serializer):
    revision = NumberField(min_value=0)
    body = TextField(allow_blank=True, trim_whitespace=False, help_text="The whole text")


class FileRenameSerializer(Serializer):
    path = TextField(max_length=500, help_text="The new one")
    revision = NumberField(min_value=0)
