from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from studio.accounts.api.fields import NumberField, PermissionsField, TextField
from studio.accounts.models import PersonalAccessToken, User
from studio.accounts.permissions import permissions_of
from studio.accounts.scopes import ABOUT_SCOPES, Scope

_PREFERENCES = "What a client keeps for the person, any JSON by names of its own"
SCOPES = [scope.value for scope in Scope]


class PersonSerializer(serializers.ModelSerializer[User]):
    """A person as history, versions and lists name one."""

    name = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["id", "name"]

    def get_name(self, user: User) -> str:
        return str(user)


class PersonalTokenSerializer(serializers.ModelSerializer[PersonalAccessToken]):
    """An access token without itself: that is shown once, when it is made."""

    scopes = serializers.ListField(child=serializers.ChoiceField(choices=SCOPES))

    class Meta:
        model = PersonalAccessToken
        fields = ["id", "name", "scopes", "created_at", "expires_at", "last_used_at"]
        read_only_fields = fields
        extra_kwargs = {
            "expires_at": {"help_text": "null: never"},
            "last_used_at": {"help_text": "Exact to a minute; null: not yet"},
        }


class NewPersonalTokenSerializer(PersonalTokenSerializer):
    """What was just made, with the token itself, which nothing shows again."""

    token = serializers.CharField()

    class Meta(PersonalTokenSerializer.Meta):
        fields = [*PersonalTokenSerializer.Meta.fields, "token"]


class OwnedPersonalTokenSerializer(PersonalTokenSerializer):
    """An access token as administrators see it: with whose it is."""

    user = PersonSerializer()

    class Meta(PersonalTokenSerializer.Meta):
        fields = [*PersonalTokenSerializer.Meta.fields, "user"]


class PersonalTokenCreateSerializer(serializers.Serializer[Any]):
    name = TextField(max_length=100)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=SCOPES),
        min_length=1,
        max_length=len(SCOPES),
        help_text="What it may do, as far as you may do it yourself: "
        + "; ".join(f"`{scope}`: {about}" for scope, about in ABOUT_SCOPES.items()),
    )
    expires_in_days = NumberField(
        min_value=1,
        max_value=36500,
        allow_null=True,
        required=False,
        help_text="null: never, where the server allows it; 90 by default",
    )


class PersonalTokenOptionsSerializer(serializers.Serializer[Any]):
    """What one may choose when an access token is made."""

    scopes = serializers.ListField(child=serializers.ChoiceField(choices=SCOPES))
    default_days = serializers.IntegerField()
    max_days = serializers.IntegerField(allow_null=True, help_text="null: any, also without an end")


class MeSerializer(serializers.ModelSerializer[User]):
    # Empty where the account has none.
    email = serializers.CharField(read_only=True)
    name = serializers.SerializerMethodField()
    roles = serializers.ListField(child=serializers.CharField(), read_only=True)
    permissions = serializers.SerializerMethodField()
    preferences = serializers.DictField(
        child=serializers.JSONField(allow_null=True), help_text=_PREFERENCES
    )

    class Meta:
        model = User
        fields = ["id", "username", "name", "email", "roles", "permissions", "preferences"]
        read_only_fields = ["id", "username", "email"]

    def get_name(self, user: User) -> str:
        return str(user)

    @extend_schema_field(PermissionsField)
    def get_permissions(self, user: User) -> list[str]:
        return sorted(permissions_of(user))


class PreferencesUpdateSerializer(serializers.Serializer[Any]):
    preferences = serializers.DictField(
        child=serializers.JSONField(allow_null=True), help_text=_PREFERENCES
    )
