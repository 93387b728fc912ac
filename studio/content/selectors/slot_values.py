"""Every place that names a value of a choice slot."""

from collections.abc import Iterator
from typing import Any

from modelservice.project.checks.content import FLOW_KINDS
from modelservice.project.file_roles import YAML_SUFFIXES
from modelservice.project.model import Kind
from modelservice.project.slot_values import (
    SlotValues,
    entities_filling,
    known_value,
    value_rename,
    values_of,
)
from studio.content.models import Branch, Item
from studio.content.selectors.files import file_contents
from studio.content.summaries import flow_name

Document = dict[str, Any]
_HOLDERS = (*FLOW_KINDS, Kind.RESPONSE.value, Kind.SLOT.value, Kind.SECTION.value)


def value_uses(branch: Branch, slot: Item) -> list[Document]:
    """Of each value of the slot the items and files of tests that name it."""
    values = values_of(slot.blob.body)
    found: dict[str, list[Document]] = {value: [] for value in values}
    seen: set[str] = set()

    def collect(written: str) -> str:
        value = known_value(written, values)
        if value is not None:
            seen.add(value)
        return written

    places = SlotValues(slot.key, entities_of(branch, slot.key), collect)
    for use, look in _looks(branch, slot, places):
        seen.clear()
        look()
        for value in values:
            if value in seen and use not in found[value]:
                found[value].append(use)
    return [{"value": value, "uses": uses} for value, uses in found.items()]


def _looks(branch: Branch, slot: Item, places: SlotValues) -> Iterator[tuple[Document, Any]]:
    for item in holders(branch, places.entities).select_related("blob"):
        body = item.blob.body
        name = flow_name(item.key, body) if item.kind in FLOW_KINDS else item.key
        if item.pk == slot.pk:
            body = {key: part for key, part in body.items() if key != "values"}
        use = {"kind": item.kind, "id": item.key, "name": name}
        yield use, lambda item=item, body=body: places.in_item(item.kind, item.key, body)
    for path, text in yaml_texts(branch).items():
        use = {"kind": Kind.FILE.value, "id": path, "name": path}
        yield use, lambda path=path, text=text: places.in_tests(text, path)


def holders(branch: Branch, entities: frozenset[str]) -> Any:
    """The items that may name a value."""
    kinds = (*_HOLDERS, Kind.NLU.value) if entities else _HOLDERS
    return Item.objects.filter(branch=branch, kind__in=kinds).order_by("kind", "key")


def entities_of(branch: Branch, slot: str) -> frozenset[str]:
    """The entities whose values are those of the slot."""
    rows = Item.objects.filter(branch=branch, kind=Kind.SLOT)
    return entities_filling(slot, rows.values_list("key", "blob__body"))


def yaml_texts(branch: Branch) -> dict[str, str]:
    """Path to text of the YAML files that are carried along; tests are among them."""
    contents = file_contents(branch, YAML_SUFFIXES)
    return {path: content.decode("utf-8", "replace") for path, content in contents.items()}


def renaming(branch: Branch, slot: Item, old: str, new: str) -> SlotValues:
    """The places of one value, each of which gets the new one."""
    values = values_of(slot.blob.body)
    return value_rename(slot.key, values, entities_of(branch, slot.key), old=old, new=new)
