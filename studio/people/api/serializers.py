from typing import Any

from rest_framework import serializers

from studio.accounts.api.fields import EmailField, PatternField, TextField, TruthField
from studio.accounts.roles import Role

_ROLES = [role.value for role in Role]


class AccountSerializer(serializers.Serializer[Any]):
    """A person as administrators see one."""

    id = serializers.UUIDField()
    username = serializers.CharField()
    name = serializers.CharField()
    email = serializers.CharField()
    is_active = serializers.BooleanField()
    roles = serializers.ListField(child=serializers.CharField())
    console_url = serializers.CharField(help_text="The person's page in Keycloak's console")


class AccountCreateSerializer(serializers.Serializer[Any]):
    username = PatternField(
        r"^[\w.@+-]+$",
        max_length=150,
        error_messages={"invalid": "A user name has letters, digits and . @ + - _ only."},
    )
    name = TextField(max_length=200, allow_blank=True, default="")
    email = EmailField(allow_blank=True, default="")
    password = TextField(max_length=200, trim_whitespace=False)
    temporary_password = TruthField(
        default=False, help_text="They choose their own at the first sign-in"
    )
    roles = serializers.ListField(child=serializers.ChoiceField(choices=_ROLES))


class AccountUpdateSerializer(serializers.Serializer[Any]):
    roles = serializers.ListField(child=serializers.ChoiceField(choices=_ROLES), required=False)
    is_active = TruthField(required=False)
    password = TextField(max_length=200, trim_whitespace=False, required=False)
    temporary_password = TruthField(
        required=False, help_text="Beside `password`: they choose their own at the next sign-in"
    )


class OwnAccountSerializer(serializers.Serializer[Any]):
    """One's own account, and where it is changed."""

    username = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    roles = serializers.ListField(child=serializers.CharField())
    account_url = serializers.CharField(
        allow_blank=True, help_text="The page of Keycloak where it is changed; empty: here"
    )


class OwnAccountUpdateSerializer(serializers.Serializer[Any]):
    name = TextField(max_length=200, allow_blank=True)


class OwnPasswordSerializer(serializers.Serializer[Any]):
    password = TextField(max_length=200, trim_whitespace=False, help_text="The present one")
    new_password = TextField(max_length=200, trim_whitespace=False)


class DirectorySerializer(serializers.Serializer[Any]):
    """Who keeps the accounts, and what can be done here."""

    provider = serializers.ChoiceField(choices=["local", "keycloak"])
    console_url = serializers.CharField()
    sends_mail = serializers.BooleanField()
    roles = serializers.ListField(child=serializers.CharField())


class InvitationSerializer(serializers.Serializer[Any]):
    sent = serializers.BooleanField(help_text="False: there is no mail; open the page instead")
    console_url = serializers.CharField()
