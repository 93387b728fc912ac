"""Pieces of documents that several apps have."""

from typing import Any

from rest_framework import serializers

# DRF's stubs want the type that is serialised; here it is always a JSON document.
Serializer = serializers.Serializer[Any]


class PersonField(Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
