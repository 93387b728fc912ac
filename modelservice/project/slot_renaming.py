"""A slot gets another name: what every item that speaks of it looks like then."""

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from modelservice.project import payloads, placeholders
from modelservice.project.conditions.syntax import ConditionError, with_names
from modelservice.project.flow_document import FlowDocument, Step, read_flow
from modelservice.project.model import Kind

_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
# Of stories, rules and forms, which flows do not use.
_LISTS_OF_SLOTS = ("slot_was_set", "slot_was_not_set", "required_slots")


@dataclass(frozen=True, slots=True)
class SlotRename:
    """`question` is the response that asks for the slot if nothing else is said, None where there
    is none. Its name follows from the slot's, so whoever relied on that names it from now on."""

    old: str
    new: str
    question: str | None

    def in_item(self, kind: str, key: str, body: Any) -> Any:
        """A copy of the body of an item, with the new name in every place of the old one."""
        copied = deepcopy(body)
        if kind in {Kind.FLOW, Kind.SYSTEM_FLOW}:
            self._in_flow(read_flow(key, copied))
        elif kind == Kind.RESPONSE and isinstance(copied, list):
            return [self._in_variation(variation) for variation in copied]
        elif kind == Kind.SLOT and isinstance(copied, dict):
            self._in_slot(copied, is_renamed=key == self.old)
        elif kind == Kind.SECTION:
            return self._in_section(copied)
        return copied

    def names_it(self, text: str) -> bool:
        """Whether a text of code, of tests or of a prompt seems to speak of the slot."""
        name = re.escape(self.old)
        quoted = rf"""["']{name}["']"""
        return bool(
            re.search(rf"{quoted}|\bslots\.{name}\b|^\s*(?:- )?{name}\s*:", text, re.MULTILINE)
        )

    def _in_flow(self, document: FlowDocument) -> None:
        conditions = list(document.conditions())
        for condition in conditions:
            _change(document.body, condition.pointer, self._in_condition)
        self._in_list(document.body, "persisted_slots")
        targets = {
            step.id: step.id.removesuffix(self.old) + self.new
            for step in document.steps
            if step.kind == "collect" and step.name == self.old and "id" not in step.body
        }
        ways = [way.pointer for step in document.steps for way in step.ways]
        for pointer in ways:
            _change(document.body, pointer, lambda to: targets.get(to, to) if _is(to) else to)
        for step in document.steps:
            self._in_step(step)

    def _in_step(self, step: Step) -> None:
        body = step.body
        if step.kind == "collect" and step.name == self.old:
            body["collect"] = self.new
            if self.question is not None and not body.get("utter"):
                body["utter"] = self.question
        elif step.kind == "set_slots":
            entries = body["set_slots"]
            if isinstance(entries, dict):
                body["set_slots"] = self._keys(entries)
            elif isinstance(entries, list):
                body["set_slots"] = [self._keys(entry) for entry in entries]
        mapping = body.get("mapping")
        for part in mapping.values() if isinstance(mapping, dict) else ():
            for entry in part if isinstance(part, list) else ():
                if isinstance(entry, dict) and entry.get("slot") == self.old:
                    entry["slot"] = self.new

    def _in_variation(self, variation: Any) -> Any:
        if not isinstance(variation, dict):
            return variation
        metadata = variation.get("metadata")
        is_jinja = isinstance(metadata, dict) and metadata.get("template") == "jinja"
        texts = {key: value for key, value in variation.items() if key != "condition"}
        renamed = _texts(texts, self._in_jinja if is_jinja else self._in_text)
        if "condition" not in variation:
            return renamed
        return {
            key: renamed.get(key, self._in_variation_condition(value))
            for key, value in variation.items()
        }

    def _in_variation_condition(self, condition: Any) -> Any:
        if isinstance(condition, str):
            return self._in_condition(condition)
        for entry in condition if isinstance(condition, list) else ():
            if isinstance(entry, dict) and entry.get("name") == self.old:
                entry["name"] = self.new
        return condition

    def _in_slot(self, body: dict[str, Any], *, is_renamed: bool) -> None:
        validation = body.get("validation")
        if isinstance(validation, dict):
            if is_renamed and self.question is not None:
                validation.setdefault("refill_utter", self.question)
            for rejection in validation.get("rejections") or ():
                if isinstance(rejection, dict) and "if" in rejection:
                    rejection["if"] = self._in_condition(rejection["if"])
        mappings = body.get("mappings")
        for mapping in mappings if isinstance(mappings, list) else ():
            conditions = mapping.get("conditions") if isinstance(mapping, dict) else None
            for condition in conditions if isinstance(conditions, list) else ():
                if isinstance(condition, dict) and condition.get("requested_slot") == self.old:
                    condition["requested_slot"] = self.new

    def _in_section(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._in_section(item) for item in value]
        if not isinstance(value, dict):
            return value
        renamed = {key: self._in_section(item) for key, item in value.items()}
        for key in _LISTS_OF_SLOTS:
            if isinstance(renamed.get(key), dict):
                renamed[key] = self._keys(renamed[key])
            elif isinstance(renamed.get(key), list):
                renamed[key] = [self._keys(entry) for entry in renamed[key]]
        return renamed

    def _in_list(self, body: dict[str, Any], key: str) -> None:
        if isinstance(body.get(key), list):
            body[key] = [self._keys(entry) for entry in body[key]]

    def _keys(self, entry: Any) -> Any:
        """A name, or a map by names."""
        if isinstance(entry, dict):
            return {self.new if key == self.old else key: value for key, value in entry.items()}
        return self.new if entry == self.old else entry

    def _in_condition(self, text: Any) -> Any:
        if not isinstance(text, str):
            return text
        try:
            return with_names(text, {f"slots.{self.old}": f"slots.{self.new}"})
        except ConditionError:  # templates in it are not made of its own tokens
            return self._dotted(text)

    def _dotted(self, text: str) -> str:
        return re.sub(rf"\bslots\.{re.escape(self.old)}(?![\w-])", f"slots.{self.new}", text)

    def _in_text(self, text: str) -> str:
        if text.startswith(payloads.SET_SLOTS):
            return payloads.with_slot(text, self.old, self.new)
        return placeholders.with_name(text, self.old, self.new)

    def _in_jinja(self, text: str) -> str:
        if text.startswith(payloads.SET_SLOTS):
            return payloads.with_slot(text, self.old, self.new)
        alone = re.compile(rf"""(?<![\w.'"-]){re.escape(self.old)}(?![\w'"-])""")
        return _JINJA.sub(lambda found: alone.sub(self.new, self._dotted(found[0])), text)


def _is(value: Any) -> bool:
    return isinstance(value, str)


def _texts(value: Any, change: Callable[[str], str]) -> Any:
    """The value with all texts in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _texts(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [_texts(item, change) for item in value]
    return value


def _change(body: Any, pointer: str, change: Callable[[Any], Any]) -> None:
    *parents, last = pointer.removeprefix("/").split("/")
    for part in parents:
        body = body[int(part)] if isinstance(body, list) else body[part]
    place: Any = int(last) if isinstance(body, list) else last
    body[place] = change(body[place])
