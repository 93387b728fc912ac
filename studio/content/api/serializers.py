"""Shapes of the REST contract: projects, texts and files of an assistant."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from studio.accounts.api.fields import NumberField, PersonField, Serializer, TextField
from studio.content.api.history_serializers import (
    ChangedBySerializer,
    CommitSerializer,
    ItemDifferenceSerializer,
)
from studio.content.services.git_fetch import GitPlace, git_archive

_ACTIONS = ["created", "updated", "deleted", "restored", "imported"]


class AssistantDuplicateSerializer(Serializer):
    name = TextField(max_length=128)


class ProjectSourceSerializer(Serializer):
    """A zip, or a folder of a Git repository."""

    file = serializers.FileField(required=False, help_text="A zip of a Rasa project")
    git_address = TextField(
        required=False,
        max_length=2000,
        help_text="Instead of a file: an address at one of the hosts of `git-hosts/`",
    )
    git_branch = TextField(
        required=False, allow_blank=True, max_length=200, help_text="By default its first one"
    )
    git_folder = TextField(
        required=False, allow_blank=True, max_length=1000, help_text="By default all of it"
    )
    git_token = TextField(
        required=False,
        allow_blank=True,
        max_length=2000,
        write_only=True,
        help_text="For a private repository; it is not kept",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("file" in attrs) == ("git_address" in attrs):
            raise serializers.ValidationError({"file": ["Send a file, or a git_address."]})
        return attrs


def git_place(data: Mapping[str, Any]) -> GitPlace:
    return GitPlace(
        address=data["git_address"],
        branch=data.get("git_branch", ""),
        folder=data.get("git_folder", ""),
        token=data.get("git_token", ""),
    )


def project_content(data: Mapping[str, Any]) -> bytes:
    """The zip that was sent, or the one that is fetched.

    :raises GitFailed:
    """
    if "file" in data:
        return bytes(data["file"].read())
    return git_archive(git_place(data))


class GitHostsSerializer(Serializer):
    hosts = serializers.ListField(
        child=serializers.CharField(),
        help_text="Where projects may be fetched from by Git; empty: nowhere",
    )


class AssistantImportSerializer(ProjectSourceSerializer):
    name = serializers.CharField(
        required=False, allow_blank=True, help_text="By default that of the file or repository"
    )


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


class ChosenItemSerializer(Serializer):
    kind = TextField(max_length=16)
    key = TextField(max_length=1000)


@extend_schema_field(ChosenItemSerializer(many=True))
class ChosenItemsField(serializers.JSONField):
    """A list of items as one JSON text: a form has no lists of maps, and few fields."""

    def to_internal_value(self, data: Any) -> Any:
        read = ChosenItemSerializer(data=super().to_internal_value(data), many=True)
        read.is_valid(raise_exception=True)
        return [(one["kind"], one["key"]) for one in read.validated_data]


class ImportIntoSerializer(ProjectSourceSerializer):
    mode = serializers.ChoiceField(
        choices=["merge", "replace"],
        help_text="merge: what the project does not name stays; replace: it is removed",
    )
    preview = serializers.BooleanField(default=False)
    partly = serializers.BooleanField(
        default=False,
        help_text="Leave out files that cannot be read, and name them in `errors`",
    )
    items = ChosenItemsField(
        required=False, help_text="Take these of `diff` alone; by default everything"
    )
    expected = TextField(
        required=False,
        allow_blank=True,
        max_length=64,
        help_text="`digest` of the preview that was seen; it is written only if that is still true",
    )


class ImportedItemSerializer(ItemDifferenceSerializer):
    changed_by = ChangedBySerializer(allow_null=True, help_text="By whom it was changed here last")
    undoes = serializers.BooleanField(
        help_text="The project has it as it was here before: somebody changed it since"
    )
    allowed = serializers.BooleanField(help_text="false: it takes the right to change settings")
    needed_now = serializers.ListField(
        child=serializers.CharField(),
        help_text="KIND KEY of flows that refer to it, of what is added or removed",
    )
    needed_then = serializers.ListField(
        child=serializers.CharField(),
        help_text="KIND KEY of flows of the project that refer to it, of those in `diff`",
    )


class ImportPreviewSerializer(Serializer):
    commit = CommitSerializer(allow_null=True, help_text="null: a preview, or nothing to change")
    diff = ImportedItemSerializer(many=True)
    same = serializers.IntegerField(help_text="How many items are there already as they are")
    digest = serializers.CharField(help_text="Of `diff`; send it as `expected`")
    part = serializers.BooleanField(
        help_text="It has no config.yml: some flows, and not the whole of a project"
    )
    errors = FindingSerializer(  # type: ignore[assignment]  # a field, not DRF's property
        many=True, help_text="With `partly`: why files were left out"
    )
    report = ImportReportSerializer()


class SampleSerializer(Serializer):
    id = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    language = serializers.CharField()
    additional_languages = serializers.ListField(child=serializers.CharField())
    icon = serializers.CharField()
    flow_count = serializers.IntegerField()


class DownloadLinkSerializer(Serializer):
    url = serializers.URLField(
        allow_null=True,
        help_text="A signed address in the storage, good for minutes; null: download it from here.",
    )


class ChangeSerializer(Serializer):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    item = serializers.CharField()
    action = serializers.ChoiceField(
        choices=["created", "updated", "deleted", "restored", "imported"]
    )
    # By kind: `item_shapes`.
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)
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
