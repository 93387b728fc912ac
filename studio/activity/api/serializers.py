from rest_framework import serializers

from studio.audit.models import Action, Entry
from studio.audit.selectors import COLUMNS


class AuditEntrySerializer(serializers.ModelSerializer[Entry]):
    action = serializers.ChoiceField(choices=Action.values)
    detail = serializers.DictField(child=serializers.JSONField())

    class Meta:
        model = Entry
        fields = COLUMNS
