"""Examples of bodies and answers in the OpenAPI description.

`examples.yml` holds what a reader should see: values of fields by their names, and of single shapes
and operations what differs there. From these an example of every JSON body and answer is made along
its schema, so that a field that is new, or gone, is noticed when the description is written.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

Schema = Mapping[str, Any]
_JSON = "application/json"
_TABLE = Path(__file__).with_suffix(".yml")
_REFERENCE = "#/components/schemas/"
_ABSENT: Any = object()


def add_examples(result: dict[str, Any], **_rest: Any) -> dict[str, Any]:
    """A hook of drf-spectacular.

    :raises ValueError: a field has no value in the table, or the table has one that nothing uses
    """
    table = _table()
    examples = _Examples(result["components"]["schemas"], table)
    operations = list(_operations(result))
    for name, operation in operations:
        given = table["operations"].get(name, {})
        for side, content in _json_of(operation):
            examples.place = f"{name} ({side})"
            value = examples.of(content["schema"], given.get(side, _ABSENT))
            content["examples"] = {"Bank": {"value": value}}
    unused = examples.unused() | set(table["operations"]) - {name for name, _ in operations}
    wrong = [*examples.wrong, *(f"nothing uses {each}" for each in sorted(unused))]
    if wrong:
        raise ValueError("\n  ".join([f"{_TABLE.name} and the API differ:", *wrong]))
    return result


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    return table


def _operations(result: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for methods in result["paths"].values():
        for operation in methods.values():
            yield operation["operationId"].removeprefix("v1_"), operation


def _json_of(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The JSON that an operation takes, and that it answers when it is carried out."""
    body = operation.get("requestBody", {}).get("content", {})
    if _JSON in body:
        yield "body", body[_JSON]
    for answer in operation["responses"].values():
        if _JSON in answer.get("content", {}):
            yield "answer", answer["content"][_JSON]


def _alternatives(schema: Schema) -> list[Schema]:
    """Of which a value is one, besides null."""
    found = [one for word in ("oneOf", "anyOf", "allOf") for one in schema.get(word, ())]
    return [one for one in found if one.get("type") != "null"]


class _Examples:
    """Makes examples along schemas, and remembers what was wrong and what was used."""

    def __init__(self, schemas: Mapping[str, Schema], table: Mapping[str, Any]) -> None:
        self._schemas = schemas
        self._fields: Mapping[str, Any] = table["fields"]
        self._shapes: Mapping[str, Any] = table["shapes"]
        self._used: set[str] = set()
        self.wrong: list[str] = []
        self.place = ""

    def unused(self) -> set[str]:
        return {*self._fields, *self._shapes} - self._used

    def of(self, schema: Schema, given: Any = _ABSENT) -> Any:
        """`given` is what the table says here: a value, or fields that differ."""
        if given is None:
            return None
        if "$ref" in schema:
            name = schema["$ref"].removeprefix(_REFERENCE)
            return self.of(self._schemas[name], self._shape(name, given))
        either = _alternatives(schema)
        if len(either) == 1 or (either and given is _ABSENT):
            return self.of(either[0], given)
        return self._value(schema, given)

    def _value(self, schema: Schema, given: Any) -> Any:
        there = given is not _ABSENT
        if "properties" in schema and (not there or isinstance(given, dict)):
            return self._object(schema, given if there else {})
        if "items" in schema and (not there or isinstance(given, list)):
            return [self.of(schema["items"], each) for each in (given if there else [_ABSENT])]
        values = schema.get("additionalProperties")
        if isinstance(values, dict) and isinstance(given, dict):
            return {key: self.of(values, each) for key, each in given.items()}
        if not there:
            self.wrong.append(f"no value for {self.place}")
            return None
        return given

    def _shape(self, name: str, given: Any) -> Any:
        self._used.add(name)
        own = self._shapes.get(name, _ABSENT)
        if isinstance(own, dict) and isinstance(given, dict):
            return {**own, **given}
        return own if given is _ABSENT else given

    def _object(self, schema: Schema, given: Mapping[str, Any]) -> dict[str, Any]:
        """What the shape requires, and what the table has besides."""
        made = {}
        for name, field in schema["properties"].items():
            if name in given or name in schema.get("required", ()):
                made[name] = self._field(name, field, given.get(name, _ABSENT))
        others = {name: value for name, value in given.items() if name not in made}
        if others and not schema.get("additionalProperties"):
            self.wrong += [f"no field {name} in {self.place}" for name in others]
        return {**made, **others}

    def _field(self, name: str, field: Schema, given: Any) -> Any:
        before = self.place
        self.place = f"{before} {name}"
        if given is _ABSENT and name in self._fields:
            self._used.add(name)
            given = self._fields[name]
        value = self.of(field, given)
        self.place = before
        return value
