"""Shapes of the REST contract: texts and their translations."""

from rest_framework import serializers

from modelservice.project.translatable import TEXT_FIELDS, TRANSLATABLE_KINDS
from modelservice.project.yaml_reader import MAX_TEXT
from studio.accounts.api.fields import (
    NumberField,
    PatternField,
    PersonField,
    Serializer,
    TextField,
)
from studio.content.api.history_serializers import CommitSerializer
from studio.content.api.language_field import LanguageField

STATES = ["missing", "outdated", "done"]
_POINTER = r"^(/[A-Za-z0-9_]{1,40}){1,8}$"


class FlowNameSerializer(Serializer):
    id = serializers.CharField()
    name = serializers.CharField()


class OutdatedSerializer(Serializer):
    before = serializers.CharField(
        allow_null=True, help_text="The text that the translation was made for, where it is known"
    )
    at = serializers.DateTimeField(help_text="When the text was changed")
    by = PersonField(allow_null=True)


class TranslationSerializer(Serializer):
    kind = serializers.ChoiceField(choices=TRANSLATABLE_KINDS)
    item = serializers.CharField()
    pointer = serializers.CharField(help_text="Of the text, in the body of the item")
    field = serializers.ChoiceField(choices=TEXT_FIELDS)
    reference = serializers.CharField(help_text="The words in the default language")
    text = serializers.CharField(help_text="The words in this language; empty: there are none")
    state = serializers.ChoiceField(choices=STATES)
    jinja = serializers.BooleanField(help_text="Braces are Jinja, and not slots")
    slots = serializers.ListField(child=serializers.CharField(), help_text="Of the reference")
    flows = FlowNameSerializer(many=True, help_text="Flows that say it")
    outdated = OutdatedSerializer(
        allow_null=True, help_text="The reference was changed, and the translation was not"
    )
    revision = serializers.IntegerField(help_text="Of the item")
    updated_at = serializers.DateTimeField()
    updated_by = PersonField(allow_null=True)


class TextPlaceSerializer(Serializer):
    kind = serializers.ChoiceField(choices=TRANSLATABLE_KINDS)
    item = TextField(max_length=1000)
    pointer = PatternField(_POINTER, max_length=100)


class TranslationUpdateSerializer(TextPlaceSerializer):
    language = LanguageField()
    text = TextField(
        allow_blank=True,
        trim_whitespace=False,
        max_length=MAX_TEXT,
        help_text="Empty: the translation is taken away",
    )
    revision = NumberField(min_value=0)


class JudgeSerializer(Serializer):
    language = LanguageField()
    outdated = serializers.BooleanField(help_text="false: the translations still fit")
    texts = TextPlaceSerializer(many=True, allow_empty=False)


class JudgedSerializer(Serializer):
    texts = TranslationSerializer(many=True)


class TranslationImportSerializer(Serializer):
    file = serializers.FileField(help_text="XLIFF 1.2 or CSV, as exported; 20 MB at most")
    preview = serializers.BooleanField(default=False)
    exceptions = serializers.ListField(
        child=TextField(max_length=2000),
        required=False,
        help_text="Ids of texts that stay as they are",
    )
    expected = TextField(
        required=False,
        allow_blank=True,
        max_length=64,
        help_text="`digest` of the preview that was seen; it is written only if that is still true",
    )


class ImportedTextSerializer(Serializer):
    id = serializers.CharField(source="unit")
    kind = serializers.ChoiceField(choices=TRANSLATABLE_KINDS)
    item = serializers.CharField(source="key")
    field = serializers.ChoiceField(choices=TEXT_FIELDS)
    exported = serializers.CharField(source="source", help_text="The reference in the file")
    reference = serializers.CharField(help_text="The reference now")
    before = serializers.CharField()
    after = serializers.CharField()
    changed_here = serializers.BooleanField(
        help_text="The text or its translation was changed in the assistant since the export"
    )
    confirmed = serializers.BooleanField(
        help_text="The words stay; the translator says that they still fit"
    )
    lost_slots = serializers.ListField(child=serializers.CharField())
    unknown_slots = serializers.ListField(child=serializers.CharField())


class TranslationImportedSerializer(Serializer):
    language = serializers.CharField()
    digest = serializers.CharField(help_text="Of the changes; send it as `expected`")
    commit = CommitSerializer(allow_null=True, help_text="null: a preview, or nothing to change")
    changes = ImportedTextSerializer(many=True)
    same = serializers.IntegerField(help_text="How many texts of the file change nothing")
    gone = serializers.ListField(
        child=serializers.CharField(), help_text="Ids of texts that are not there any more"
    )
