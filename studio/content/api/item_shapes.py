"""Single items in the shapes of their kinds: what a flow's body is, and what its id may be."""

from typing import Any, NamedTuple

from drf_spectacular.utils import extend_schema, extend_schema_view
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
    body_field,
)
from studio.content.api.revisions import ETAG, IF_MATCH
from studio.content.services.items import ID_PATTERNS


class Shapes(NamedTuple):
    detail: type[Serializer]
    create: type[Serializer]
    update: type[Serializer]


def _shapes(kind: Kind) -> Shapes:
    name = BODY_OF[kind].removesuffix("Body")
    body = body_field(BODY_OF[kind])
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
    create = shape("Create", ItemCreateSerializer, **ids)
    if kind in {Kind.INTENT, Kind.ENTITY}:
        create.__name__ = f"{kind.value.title()}CreateSerializer"
    return Shapes(shape("Detail", ItemSerializer), create, shape("Update", ItemUpdateSerializer))


SHAPES: dict[Kind, Shapes] = {
    kind: _shapes(kind) for kind in BODY_OF if kind is not Kind.SYSTEM_FLOW
}
# A pattern is a flow; its list cannot be added to.
SHAPES[Kind.SYSTEM_FLOW] = SHAPES[Kind.FLOW]
for _kind in (Kind.INTENT, Kind.ENTITY):
    # They are called otherwise, and look alike.
    SHAPES[_kind] = SHAPES[Kind.ACTION]._replace(create=SHAPES[_kind].create)


class SlotRenamedSerializer(Serializer):
    slot = SHAPES[Kind.SLOT].detail()
    left = serializers.ListField(
        child=serializers.CharField(),
        help_text="Actions and files that seem to name the slot, and were not changed",
    )


def _body(name: str) -> dict[str, Any]:
    return {"$ref": f"{BODIES}{name}"}


# Everything that history tells of, in the shapes of its bodies; {}: any JSON.
_HISTORY: dict[str, tuple[tuple[Kind, ...], dict[str, Any]]] = {
    "Flow": ((Kind.FLOW, Kind.SYSTEM_FLOW), _body("FlowBody")),
    "Response": ((Kind.RESPONSE,), _body("ResponseBody")),
    "Slot": ((Kind.SLOT,), _body("SlotBody")),
    "Name": ((Kind.ACTION, Kind.INTENT, Kind.ENTITY), _body("NamedBody")),
    "Prompt": ((Kind.PROMPT,), _body("PromptBody")),
    "Examples": ((Kind.NLU,), _body("NluBody")),
    "Text": ((Kind.CONFIG, Kind.ENDPOINTS, Kind.CREDENTIALS), {"type": "string"}),
    "File": ((Kind.FILE,), {"type": "null"}),
    "Section": ((Kind.SECTION,), {}),
}
_FIELD_CONFLICT: dict[str, Any] = {
    "type": "object",
    "required": ["pointer"],
    "properties": {
        "kind": {"type": "string", "description": "Of the item, in a merge of branches"},
        "key": {"type": "string", "description": "Of the item, in a merge of branches"},
        "pointer": {"type": "array", "items": {"type": ["string", "integer"]}},
        "base": {"description": "The value before, any JSON; absent where it was not there"},
        "mine": {"description": "As you sent it, or as in the branch that takes the changes"},
        "theirs": {"description": "As it is stored, or as in the branch that is merged"},
    },
}


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


def restored_of(kind: Kind) -> Any:
    """The same for the method of an `ItemRestoreView`."""
    return extend_schema_view(post=extend_schema(request=None, responses=SHAPES[kind].detail))


def add_bodies(result: dict[str, Any], **_rest: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: the shapes of bodies, as storing checks them, and what has them
    inside."""
    schemas = result["components"]["schemas"]
    schemas.update(body_schemas(BODIES))
    changes = _changes(schemas.pop("Change"))
    schemas["Change"] = {"oneOf": [{"$ref": f"{BODIES}{name}"} for name in changes]}
    schemas.update(changes)
    schemas["FieldConflict"] = _FIELD_CONFLICT
    return result


def _changes(change: dict[str, Any]) -> dict[str, Any]:
    """By its `kind`, what was and what is has the shape of that kind."""
    described = {}
    for name, (kinds, body) in _HISTORY.items():
        nullable = {"anyOf": [body, {"type": "null"}]} if body else {}
        fields = {
            "kind": {"type": "string", "enum": [kind.value for kind in kinds]},
            "before": {**nullable, "description": "null: it was not there"},
            "after": {**nullable, "description": "null: it was deleted"},
        }
        described[f"ChangeOf{name}"] = {**change, "properties": change["properties"] | fields}
    return described
