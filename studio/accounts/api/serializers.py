from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from studio.accounts.api.fields import PermissionsField
from studio.accounts.models import User
from studio.accounts.permissions import permissions_of


class PersonSerializer(serializers.ModelSerializer[User]):
    """A person as history, versions and lists name one."""

    name = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["id", "name"]

    def get_name(self, user: User) -> str:
        return str(user)


class MeSerializer(serializers.ModelSerializer[User]):
    # Empty where the account has none.
    email = serializers.CharField(read_only=True)
    name = serializers.SerializerMethodField()
    roles = serializers.ListField(child=serializers.CharField(), read_only=True)
    permissions = serializers.SerializerMethodField()
    preferences = serializers.DictField(child=serializers.JSONField(allow_null=True))

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
    preferences = serializers.DictField(child=serializers.JSONField(allow_null=True))
