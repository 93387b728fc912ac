"""Shapes of the REST contract: conversations."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from studio.accounts.api.fields import (
    IdField,
    NumberField,
    PersonField,
    Serializer,
    TextField,
    TruthField,
)
from studio.conversations.models import Conversation


class TagNameSerializer(Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class TagSerializer(TagNameSerializer):
    assistant = serializers.UUIDField()
    conversation_count = serializers.IntegerField()


class TagCreateSerializer(Serializer):
    assistant = IdField()
    name = TextField()


class ConversationSerializer(Serializer):
    id = serializers.UUIDField()
    sender_id = serializers.CharField()
    assistant = serializers.UUIDField()
    version_number = serializers.IntegerField(allow_null=True)
    channel = serializers.CharField()
    is_test = serializers.BooleanField()
    title = serializers.CharField()
    started_at = serializers.DateTimeField()
    last_event_at = serializers.DateTimeField()
    message_count = serializers.IntegerField()
    user_message_count = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=Conversation.Outcome.choices)
    flows = serializers.ListField(child=serializers.CharField())
    language = serializers.CharField(allow_null=True)
    reviewed_at = serializers.DateTimeField(allow_null=True)
    reviewed_by = PersonField(allow_null=True)
    tags = TagNameSerializer(many=True)


class ConversationDetailSerializer(ConversationSerializer):
    slots = serializers.DictField(
        child=serializers.JSONField(allow_null=True, help_text="Any JSON"),
        help_text="By name, what is in each slot",
    )


class ConversationUpdateSerializer(Serializer):
    reviewed = TruthField()


class ConversationTestSerializer(Serializer):
    until = NumberField(
        min_value=1,
        max_value=10_000_000,
        required=False,
        help_text="`position` of the last event to take",
    )
    name = TextField(max_length=200, required=False, help_text="Else its first words")


class ConversationTagsSerializer(Serializer):
    tags = serializers.ListField(child=TextField(), max_length=50)


class ConversationBulkSerializer(Serializer):
    ids = serializers.ListField(child=IdField(), max_length=1000)
    action = serializers.ChoiceField(choices=["review", "unreview", "delete"])


class ConversationBulkTagSerializer(Serializer):
    ids = serializers.ListField(child=IdField(), max_length=1000)
    action = serializers.ChoiceField(choices=["tag"])
    tag = TextField()


class ConversationBulkDoneSerializer(Serializer):
    count = serializers.IntegerField()


class ConversationSummarySerializer(Serializer):
    total = serializers.IntegerField()
    unreviewed = serializers.IntegerField()
    channels = serializers.ListField(child=serializers.CharField())
    flows = serializers.ListField(child=serializers.CharField())


class WaitingEventsSerializer(Serializer):
    assistant_name = serializers.CharField()
    event_count = serializers.IntegerField()
    waiting_since = serializers.DateTimeField()
    newest_at = serializers.DateTimeField()


# `event_shapes` has it.
@extend_schema_field({"$ref": "#/components/schemas/PublishedEvent"})
class PublishedEventField(serializers.JSONField):
    pass


class EventSerializer(Serializer):
    id = serializers.IntegerField()
    position = serializers.IntegerField()
    event = serializers.CharField()
    at = serializers.DateTimeField()
    text = serializers.CharField(allow_null=True)
    name = serializers.CharField(allow_null=True)
    value = serializers.JSONField(help_text="Of a slot: any JSON")
    flow_id = serializers.CharField(allow_null=True)
    step_id = serializers.CharField(allow_null=True)
    data = PublishedEventField()  # type: ignore[assignment]  # a field, not DRF's property
