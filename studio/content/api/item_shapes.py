"""Single items in the shapes of their kinds: what a flow's body is, and what its id may be."""

from typing import Any, NamedTuple

from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers

from modelservice.project.json_schema import body_schemas
from modelservice.project.model import Kind
from studio.accounts.api.fields import PatternField, Serializer
from studio.content.api.item_serializers import (
    BODIES,
    BODY_OF,
    ItemCreateSerializer,
    ItemSerializer,
    ItemUpdateSerializer,
)
from studio.content.api.revisions import ETAG, IF_MATCH
from studio.content.services.items import ID_PATTERNS


class Shapes(NamedTuple):
    detail: type[Serializer]
    create: type[Serializer]
    update: type[Serializer]


def _shapes(kind: Kind) -> Shapes:
    name = BODY_OF[kind].removesuffix("Body")
    described = extend_schema_field({"$ref": f"{BODIES}{BODY_OF[kind]}"})
    body = described(type(f"{name}BodyField", (serializers.JSONField,), {}))
    nullable = kind in {Kind.ACTION, Kind.INTENT, Kind.ENTITY}

    def shape(word: str, base: type[Serializer], **fields: Any) -> type[Serializer]:
        return type(
            f"{name}{word}Serializer",
            (base,),
            {"body": body(allow_null=nullable), "__doc__": base.__doc__, **fields},
        )

    ids = {}
    if kind in ID_PATTERNS:
        message = f"This cannot be the name of a {kind.value.replace('_', ' ')}."
        pattern = f"^(?:{ID_PATTERNS[kind].pattern})$"
        ids["id"] = PatternField(pattern, max_length=500, error_messages={"invalid": message})
    return Shapes(
        shape("Detail", ItemSerializer),
        shape("Create", ItemCreateSerializer, **ids),
        shape("Update", ItemUpdateSerializer),
    )


SHAPES: dict[Kind, Shapes] = {
    kind: _shapes(kind) for kind in BODY_OF if kind is not Kind.SYSTEM_FLOW
}
# A pattern is a flow; its list cannot be added to.
SHAPES[Kind.SYSTEM_FLOW] = SHAPES[Kind.FLOW]
for _kind in (Kind.INTENT, Kind.ENTITY):
    SHAPES[_kind] = SHAPES[Kind.ACTION]


def item_of(kind: Kind) -> Any:
    """A decorator: describes the methods of an `ItemView` in the shapes of its kind."""
    shapes = SHAPES[kind]
    return extend_schema_view(
        get=extend_schema(parameters=[ETAG], responses=shapes.detail),
        put=extend_schema(
            parameters=[IF_MATCH, ETAG], request=shapes.update, responses=shapes.detail
        ),
    )


def items_of(kind: Kind) -> Any:
    """The same for the method of an `ItemsView` that creates."""
    shapes = SHAPES[kind]
    return extend_schema_view(
        post=extend_schema(request=shapes.create, responses={201: shapes.detail})
    )


def add_bodies(result: dict[str, Any], **_rest: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: the shapes of bodies, as storing checks them."""
    result["components"]["schemas"].update(body_schemas(BODIES))
    return result
