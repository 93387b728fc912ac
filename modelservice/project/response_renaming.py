"""A response gets another name: what every item that says it looks like then."""

import re
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from modelservice.project.flow_document import read_flow, rejections
from modelservice.project.model import Kind

ASKS = "utter_ask_"


@dataclass(frozen=True, slots=True)
class ResponseRename:
    old: str
    new: str

    def in_item(self, kind: str, key: str, body: Any) -> Any:
        """A copy of the body of an item, with the new name in every place of the old one."""
        copied = deepcopy(body)
        if kind in {Kind.FLOW, Kind.SYSTEM_FLOW}:
            self._in_flow(key, copied)
        elif kind == Kind.SLOT and isinstance(copied, dict):
            self._in_slot(key, copied)
        elif kind == Kind.SECTION:
            return self._in_section(copied)
        return copied

    def names_it(self, text: str) -> bool:
        """Whether a text of code, of tests or of a prompt names the response."""
        return bool(re.search(rf"(?<![\w/-]){re.escape(self.old)}(?![\w/-])", text))

    def _in_flow(self, key: str, body: Any) -> None:
        for step in read_flow(key, body).steps:
            if step.body.get("action") == self.old:
                step.body["action"] = self.new
            elif step.kind == "collect" and self._asks(step.name, step.body.get("utter")):
                step.body["utter"] = self.new
            self._in_rejections(rejections(step))

    def _in_slot(self, key: str, body: dict[str, Any]) -> None:
        validation = body.get("validation")
        if not isinstance(validation, dict):
            return
        if self._asks(key, validation.get("refill_utter")):
            validation["refill_utter"] = self.new
        found = validation.get("rejections")
        self._in_rejections(found if isinstance(found, list) else [])

    def _asks(self, slot: Any, named: Any) -> bool:
        """Who names no question asks with the one of the slot's name."""
        return (named or f"{ASKS}{slot}") == self.old

    def _in_rejections(self, found: list[Any]) -> None:
        for rejection in found:
            if isinstance(rejection, dict) and rejection.get("utter") == self.old:
                rejection["utter"] = self.new

    def _in_section(self, value: Any) -> Any:
        """Of stories and rules."""
        if isinstance(value, list):
            return [self._in_section(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {
            key: self.new if key == "action" and item == self.old else self._in_section(item)
            for key, item in value.items()
        }
