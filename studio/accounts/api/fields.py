"""Pieces of documents that several apps have."""

from typing import Any
from uuid import UUID

from rest_framework import serializers

from studio.accounts.roles import Permission

# DRF's stubs want the type that is serialised; here it is always a JSON document.
Serializer = serializers.Serializer[Any]


class PersonField(Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class PermissionsField(serializers.ListField):
    """What somebody may do."""

    child = serializers.ChoiceField(choices=[permission.value for permission in Permission])


class _OnlyText:
    """DRF takes a number where a text is due."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")  # type: ignore[attr-defined]  # mixed into fields
        text: str = super().to_internal_value(data)  # type: ignore[misc]  # mixed into fields
        return text


class TextField(_OnlyText, serializers.CharField):
    pass


class EmailField(_OnlyText, serializers.EmailField):
    pass


class PatternField(_OnlyText, serializers.RegexField):
    pass


class TruthField(serializers.BooleanField):
    """DRF takes 0, "no" and the like for false."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class NumberField(serializers.IntegerField):
    """DRF takes "1" for 1."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool | str):
            self.fail("invalid")
        return super().to_internal_value(data)


class IdField(serializers.UUIDField):
    """DRF takes a number for an id."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)
