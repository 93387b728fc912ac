"""The values of a choice slot, wherever a project writes them: found, and renamed."""

import json
import re
from collections.abc import Callable, Collection, Iterable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from modelservice.project import payloads
from modelservice.project.conditions.rewriting import NotQuotable, with_compared
from modelservice.project.conditions.syntax import ConditionError
from modelservice.project.errors import ProjectError
from modelservice.project.file_roles import cases_in
from modelservice.project.flow_document import read_flow
from modelservice.project.model import Kind
from modelservice.project.nlu_examples import entity_fields, marked_parts
from modelservice.project.yaml_edit import edited
from modelservice.project.yaml_reader import parse_yaml

_WAS_SET = ("slot_was_set", "slot_was_not_set")
_PAYLOADS = ("payload", "url")
# What stands in payloads between values.
_SEPARATORS = re.compile(r"[,()\n]")


class NotWritable(ValueError):
    """The value cannot be written in a place where the old one stands; in a sentence."""


def values_of(body: Any) -> list[str]:
    """The values of a slot as Rasa has them, which are texts."""
    values = body.get("values") if isinstance(body, dict) else None
    return [str(value) for value in values] if isinstance(values, list) else []


def known_value(written: Any, values: Collection[str]) -> str | None:
    """The one of `values` that is meant, as it is read when the assistant runs: in any case."""
    if written is None or isinstance(written, (dict, list)):
        return None
    text = str(written)
    if text in values:
        return text
    folded = text.casefold()
    return next((value for value in values if value.casefold() == folded), None)


def entities_filling(slot: str, slots: Iterable[tuple[str, Any]]) -> frozenset[str]:
    """Entities that fill this slot, and no other one, from (name, body) of all slots."""
    own: set[str] = set()
    others: set[str] = set()
    for name, body in slots:
        mappings = body.get("mappings") if isinstance(body, dict) else None
        for mapping in mappings if isinstance(mappings, list) else []:
            if isinstance(mapping, dict) and isinstance(mapping.get("entity"), str):
                (own if name == slot else others).add(mapping["entity"])
    return frozenset(own - others)


@dataclass(frozen=True, slots=True)
class SlotValues:
    """The places where a slot gets one of its values or is compared with one.

    `change` is given each value as it is written and says what stands there from then on.
    `entities` are those whose values are the slot's, too.
    """

    slot: str
    entities: frozenset[str]
    change: Callable[[str], str]

    def in_item(self, kind: str, key: str, body: Any) -> Any:
        """A copy of the body of an item with its values changed.

        :raises NotWritable: the new value cannot stand in a condition or a button of it
        """
        copied = deepcopy(body)
        if kind in {Kind.FLOW, Kind.SYSTEM_FLOW}:
            self._in_flow(key, copied)
        elif kind == Kind.RESPONSE and isinstance(copied, list):
            return [self._in_response(variation) for variation in copied]
        elif kind == Kind.SLOT and isinstance(copied, dict):
            self._in_slot(copied, is_own=key == self.slot)
        elif kind == Kind.NLU and isinstance(copied, dict) and self.entities:
            self._in_examples(copied)
        elif kind == Kind.SECTION:
            return self._in_steps(copied)
        return copied

    def in_tests(self, text: str, path: str) -> str:
        """A file of end-to-end tests with the values that its steps and fixtures expect changed; as
        it is where it cannot be edited in place, or is none."""
        try:
            before = parse_yaml(text, path).value
            if cases_in(before) is None:
                return text
            after = self._in_steps(deepcopy(before))
            if after == before:
                return text
            new = edited(text, before, after)
            return new if new is not None and parse_yaml(new, path).value == after else text
        except ProjectError:
            return text

    def _new(self, written: Any) -> Any:
        """Of a value as YAML has it; what is no single value stays."""
        if written is None or isinstance(written, (dict, list)):
            return written
        new = self.change(str(written))
        return written if new == str(written) else new

    def _in_condition(self, text: Any) -> Any:
        if not isinstance(text, str):
            return text
        try:
            return with_compared(text, f"slots.{self.slot}", self.change)
        except ConditionError:
            return text
        except NotQuotable as error:
            message = "A value that conditions compare with cannot have both kinds of quotes."
            raise NotWritable(message) from error

    def _in_flow(self, key: str, body: Any) -> None:
        document = read_flow(key, body)
        for condition in list(document.conditions()):
            *parents, last = condition.pointer.removeprefix("/").split("/")
            holder: Any = document.body
            for part in parents:
                holder = holder[int(part)] if isinstance(holder, list) else holder[part]
            place: Any = int(last) if isinstance(holder, list) else last
            holder[place] = self._in_condition(holder[place])
        for step in document.steps:
            if step.kind == "set_slots":
                entries = step.body["set_slots"]
                for entry in entries if isinstance(entries, list) else [entries]:
                    self._in_map(entry)

    def _in_map(self, entry: Any) -> None:
        """Slot to value."""
        if isinstance(entry, dict) and self.slot in entry:
            entry[self.slot] = self._new(entry[self.slot])

    def _in_response(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._in_response(one) for one in value]
        if not isinstance(value, dict):
            return value
        return {key: self._in_part(key, part) for key, part in value.items()}

    def _in_part(self, key: str, part: Any) -> Any:
        if key in _PAYLOADS and isinstance(part, str):
            return self._in_payload(part)
        if key != "condition":
            return self._in_response(part)
        for entry in part if isinstance(part, list) else []:
            if isinstance(entry, dict) and entry.get("name") == self.slot and "value" in entry:
                entry["value"] = self._new(entry["value"])
        return self._in_condition(part)

    def _in_payload(self, payload: str) -> str:
        if payload.startswith(payloads.SET_SLOTS):
            return payloads.with_value(payload, self.slot, self._in_assignment)
        found = payloads.intent_in(payload)
        if found is None or not found[2]:
            return payload
        try:
            entities = json.loads(found[2])
        except ValueError:
            return payload
        if not isinstance(entities, dict):
            return payload
        changed = {
            key: self._new(value) if key in self.entities else value
            for key, value in entities.items()
        }
        if changed == entities:
            return payload
        return payload.replace(found[2], json.dumps(changed, ensure_ascii=False))

    def _in_assignment(self, written: str) -> str:
        new = self.change(written)
        if new != written and _SEPARATORS.search(new):
            raise NotWritable(
                "A value that buttons set cannot have commas or brackets: “,”, “(”, “)”."
            )
        return new

    def _in_slot(self, body: dict[str, Any], *, is_own: bool) -> None:
        validation = body.get("validation")
        found = validation.get("rejections") if isinstance(validation, dict) else None
        for rejection in found if isinstance(found, list) else []:
            if isinstance(rejection, dict) and "if" in rejection:
                rejection["if"] = self._in_condition(rejection["if"])
        if not is_own:
            return
        if isinstance(body.get("values"), list):
            body["values"] = [self._new(value) for value in body["values"]]
        if "initial_value" in body:
            body["initial_value"] = self._new(body["initial_value"])
        mappings = body.get("mappings")
        for mapping in mappings if isinstance(mappings, list) else []:
            if isinstance(mapping, dict) and "value" in mapping:
                mapping["value"] = self._new(mapping["value"])

    def _in_examples(self, entry: dict[str, Any]) -> None:
        if "synonym" in entry:
            entry["synonym"] = self._new(entry["synonym"])
            return
        examples = entry.get("examples")
        if "intent" not in entry:
            return
        if isinstance(examples, str):
            entry["examples"] = marked_parts(self._mark, examples)
        elif isinstance(examples, list):
            entry["examples"] = [self._example(one) for one in examples]

    def _example(self, one: Any) -> Any:
        if isinstance(one, dict) and isinstance(one.get("text"), str):
            return {**one, "text": marked_parts(self._mark, one["text"])}
        return marked_parts(self._mark, one) if isinstance(one, str) else one

    def _mark(self, mark: re.Match[str]) -> str:
        """The words that were said stay; a mark that is read as them says its value from now on."""
        fields = entity_fields(mark)
        if fields.get("entity") not in self.entities:
            return mark[0]
        value = str(fields.get("value", mark["text"]))
        new = self.change(value)
        if new == value:
            return mark[0]
        if new == mark["text"] and fields.keys() == {"entity", "value"}:
            return f"[{mark['text']}]({fields['entity']})"
        changed = {**fields, "value": new}
        return f"[{mark['text']}]{json.dumps(changed, ensure_ascii=False)}"

    def _in_steps(self, value: Any) -> Any:
        """Of stories, rules and tests."""
        if isinstance(value, list):
            return [self._in_steps(one) for one in value]
        if not isinstance(value, dict):
            return value
        changed = {key: self._in_steps(one) for key, one in value.items()}
        for entry in (one for key in _WAS_SET for one in _entries(changed.get(key))):
            if entry.get("name") == self.slot and "value" in entry:
                entry["value"] = self._new(entry["value"])
            else:
                self._in_map(entry)
        fixtures = _entries(changed.get("fixtures"))
        for entry in (
            one for fixture in fixtures for part in fixture.values() for one in _entries(part)
        ):
            self._in_map(entry)
        for entry in _entries(changed.get("entities")):
            for entity in self.entities & entry.keys():
                entry[entity] = self._new(entry[entity])
        return changed


def _entries(value: Any) -> list[dict[str, Any]]:
    found = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, dict)]


def value_rename(
    slot: str, values: Collection[str], entities: frozenset[str], *, old: str, new: str
) -> SlotValues:
    """The places of one of the slot's `values`, each of which gets the new one."""
    return SlotValues(
        slot,
        entities,
        lambda written: new if known_value(written, values) == old else written,
    )
