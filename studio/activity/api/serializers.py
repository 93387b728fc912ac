from typing import cast

from rest_framework import serializers

from studio.audit.models import Action, Detail, Entry
from studio.audit.selectors import COLUMNS


class AuditEntrySerializer(serializers.ModelSerializer[Entry]):
    action = serializers.ChoiceField(choices=Action.values)
    detail = serializers.SerializerMethodField()

    class Meta:
        model = Entry
        fields = COLUMNS

    def get_detail(self, entry: Entry) -> Detail:
        return cast("Detail", entry.detail)
