"""Shapes of the REST contract: members of an assistant."""

from rest_framework import serializers

from studio.accounts.api.fields import PersonField, Serializer, TextField
from studio.accounts.roles import Role

ROLES = [role.value for role in Role]


class MemberSerializer(Serializer):
    id = serializers.IntegerField()
    user = PersonField(allow_null=True)
    username = serializers.CharField(allow_null=True)
    group = serializers.CharField(allow_null=True)
    role = serializers.ChoiceField(choices=ROLES)


class MemberCreateSerializer(Serializer):
    username = TextField(required=False, help_text="A person, by user name")
    group = serializers.ChoiceField(
        choices=ROLES, required=False, help_text="Or everybody who has this role in Studio"
    )
    role = serializers.ChoiceField(choices=ROLES, help_text="What they may do here")


class MemberUpdateSerializer(Serializer):
    role = serializers.ChoiceField(choices=ROLES)
