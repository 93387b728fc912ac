"""An intent or an entity gets another name: what every item that speaks of it looks like then."""

import json
import re
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from modelservice.project.flow_document import read_flow
from modelservice.project.model import Kind
from modelservice.project.nlu_examples import entity_fields, marked_parts
from modelservice.project.payloads import SET_SLOTS, intent_in

_FLOWS = {Kind.FLOW, Kind.SYSTEM_FLOW}
_PAYLOADS = ("payload", "url")


@dataclass(frozen=True, slots=True)
class IntentRename:
    old: str
    new: str

    def in_item(self, kind: str, key: str, body: Any) -> Any:
        """A copy of the body of an item, with the new name in every place of the old one."""
        copied = deepcopy(body)
        if kind in _FLOWS:
            flow = read_flow(key, copied).body
            if isinstance(flow.get("nlu_trigger"), list):
                flow["nlu_trigger"] = [self._in_trigger(one) for one in flow["nlu_trigger"]]
        elif kind == Kind.SLOT:
            for mapping in _mappings(copied):
                for word in ("intent", "not_intent"):
                    mapping.update({word: self._named(mapping[word])} if word in mapping else {})
        elif kind == Kind.RESPONSE:
            return _in_payloads(copied, self._in_payload)
        elif kind == Kind.NLU and isinstance(copied, dict) and copied.get("intent") == self.old:
            copied["intent"] = self.new
        elif kind == Kind.SECTION:
            return _replaced(copied, {"intent"}, self._named)
        return copied

    def names_it(self, text: str) -> bool:
        """Whether a text of config.yml, of tests or of code seems to name the intent."""
        return _stands_in(self.old, text)

    def _in_trigger(self, entry: Any) -> Any:
        if not isinstance(entry, dict):
            return self._named(entry)
        intent = entry.get("intent")
        if isinstance(intent, dict):
            intent = {**intent, "name": self._named(intent.get("name"))}
        return {**entry, "intent": self._named(intent)}

    def _named(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._named(one) for one in value]
        return self.new if value == self.old else value

    def _in_payload(self, payload: str) -> str:
        found = None if payload.startswith(SET_SLOTS) else intent_in(payload)
        if found is None or found[0] != self.old:
            return payload
        return f"/{self.new}{payload.removeprefix(f'/{self.old}')}"


@dataclass(frozen=True, slots=True)
class EntityRename:
    old: str
    new: str

    def in_item(self, kind: str, key: str, body: Any) -> Any:
        """As for an intent: marks in examples, lists and patterns, mappings of slots, payloads."""
        copied = deepcopy(body)
        if kind == Kind.SLOT:
            for mapping in _mappings(copied):
                if mapping.get("entity") == self.old:
                    mapping["entity"] = self.new
        elif kind == Kind.INTENT and isinstance(copied, dict):
            for word in ("use_entities", "ignore_entities"):
                if isinstance(copied.get(word), list):
                    copied[word] = [self._named(one) for one in copied[word]]
        elif kind == Kind.RESPONSE:
            return _in_payloads(copied, self._in_payload)
        elif kind == Kind.NLU and isinstance(copied, dict):
            return self._in_entry(copied)
        elif kind == Kind.SECTION:
            return self._in_section(copied)
        return copied

    def names_it(self, text: str) -> bool:
        return _stands_in(self.old, text)

    def _in_entry(self, entry: dict[str, Any]) -> dict[str, Any]:
        for label in ("lookup", "regex"):
            if entry.get(label) == self.old:
                entry[label] = self.new
        examples = entry.get("examples")
        if "intent" not in entry:
            return entry
        if isinstance(examples, str):
            entry["examples"] = self._in_text(examples)
        elif isinstance(examples, list):
            entry["examples"] = [
                {**one, "text": self._in_text(one["text"])}
                if isinstance(one, dict) and isinstance(one.get("text"), str)
                else self._in_text(one)
                if isinstance(one, str)
                else one
                for one in examples
            ]
        return entry

    def _in_text(self, text: str) -> str:
        def written(mark: re.Match[str]) -> str:
            fields = entity_fields(mark)
            if fields.get("entity") != self.old:
                return mark[0]
            if mark["fields"] is None:
                return f"[{mark['text']}]({self.new}{mark['entity'].removeprefix(self.old)})"
            renamed = {**fields, "entity": self.new}
            return f"[{mark['text']}]{json.dumps(renamed, ensure_ascii=False)}"

        return marked_parts(written, text)

    def _in_payload(self, payload: str) -> str:
        found = None if payload.startswith(SET_SLOTS) else intent_in(payload)
        if found is None or not found[2]:
            return payload
        try:
            entities = json.loads(found[2])
        except ValueError:
            return payload
        if not isinstance(entities, dict) or self.old not in entities:
            return payload
        renamed = {self._named(key): value for key, value in entities.items()}
        return payload.replace(found[2], json.dumps(renamed, ensure_ascii=False))

    def _in_section(self, value: Any) -> Any:
        """Steps of stories and rules have `entities`, a list of maps or of names."""
        if isinstance(value, list):
            return [self._in_section(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {
            key: [self._in_story(one) for one in item]
            if key == "entities" and isinstance(item, list)
            else self._in_section(item)
            for key, item in value.items()
        }

    def _in_story(self, one: Any) -> Any:
        if isinstance(one, dict):
            return {self._named(key): value for key, value in one.items()}
        return self._named(one)

    def _named(self, value: Any) -> Any:
        return self.new if value == self.old else value


def _mappings(slot: Any) -> list[dict[str, Any]]:
    mappings = slot.get("mappings") if isinstance(slot, dict) else None
    return [one for one in mappings if isinstance(one, dict)] if isinstance(mappings, list) else []


def _in_payloads(value: Any, change: Any) -> Any:
    """What buttons and links of a response send, changed."""
    if isinstance(value, list):
        return [_in_payloads(item, change) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: change(item)
        if key in _PAYLOADS and isinstance(item, str)
        else _in_payloads(item, change)
        for key, item in value.items()
    }


def _replaced(value: Any, words: set[str], change: Any) -> Any:
    """What stands at these keys of stories and rules, changed."""
    if isinstance(value, list):
        return [_replaced(item, words, change) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: change(item) if key in words else _replaced(item, words, change)
        for key, item in value.items()
    }


def _stands_in(name: str, text: str) -> bool:
    return bool(re.search(rf"(?<![\w/-]){re.escape(name)}(?![\w/-])", text))
