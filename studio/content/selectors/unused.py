"""Responses, slots and actions that nothing names, so that one finds what may go.

Whatever might be a use counts as one: an item that is listed here is missed by nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import chain
from typing import Any

from modelservice.project import payloads, placeholders
from modelservice.project.checks import defaults
from modelservice.project.checks.content import FLOW_KINDS
from modelservice.project.flow_document import read_flow, slots_in
from modelservice.project.model import Kind
from modelservice.project.slot_renaming import SlotRename
from studio.content.models import Branch, Item
from studio.content.selectors.default_content import default_content
from studio.content.selectors.files import texts_of_project
from studio.model_service.errors import ModelServiceUnavailable

# Said by the runtime where an assistant has them; it has none of its own.
_SAID_IF_THERE = frozenset({"utter_restart", "utter_default"})
_SETTINGS = (Kind.CONFIG, Kind.ENDPOINTS, Kind.CREDENTIALS)
_WORD = re.compile(r"[\w/-]+")
# What an action of Rasa's SDK calls itself is no use of it.
_OWN_NAME = re.compile(r"^\s*return\s+[\"'][\w-]+[\"']\s*$", re.MULTILINE)
# Where slots are named by themselves: in flows, in stories, rules and forms, and in other slots.
_IN_FLOWS = frozenset({"slot", "persisted_slots"})
_IN_SECTIONS = frozenset({"slot_was_set", "slot_was_not_set", "required_slots"})
_IN_SLOTS = frozenset({"requested_slot"})
_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
Document = dict[str, Any]


def unused(branch: Branch) -> dict[str, list[str]]:
    """Names by kind, in order."""
    content = _Content(branch)
    files = texts_of_project(branch)
    named = content.named()
    words = set(chain.from_iterable(map(_WORD.findall, [*files.values(), *content.settings])))
    # With a slash it is chosen by what was understood.
    chosen = {key for key in content.responses if "/" in key}
    return {
        "responses": _left(content.responses, named | words | chosen | content.said_by_runtime),
        "slots": _unused_slots(content, files.values()),
        "actions": _left(
            content.actions,
            named | defaults.ACTIONS | set(_words_but_own_names(files, content.settings)),
        ),
    }


class _Content:
    """What a branch holds, and what the runtime adds to it."""

    def __init__(self, branch: Branch) -> None:
        kinds = (Kind.RESPONSE, Kind.SLOT, Kind.ACTION, Kind.SECTION, *_SETTINGS, *FLOW_KINDS)
        by_kind: dict[str, dict[str, Any]] = {kind: {} for kind in kinds}
        rows = Item.objects.filter(branch=branch, kind__in=kinds).order_by("key")
        for kind, key, body in rows.values_list("kind", "key", "blob__body"):
            by_kind[kind][key] = body
        self.responses, self.slots = by_kind[Kind.RESPONSE], by_kind[Kind.SLOT]
        self.actions, self.sections = by_kind[Kind.ACTION], by_kind[Kind.SECTION]
        self.settings = [str(body) for kind in _SETTINGS for body in by_kind[kind].values()]
        runtime = _defaults(branch)
        self.flows = [
            read_flow(key, body)
            for key, body in (
                runtime["flows"] | by_kind[Kind.FLOW] | by_kind[Kind.SYSTEM_FLOW]
            ).items()
        ]
        self.said_by_runtime = {*runtime["responses"], *defaults.RESPONSES, *_SAID_IF_THERE}

    def named(self) -> set[str]:
        """Every text of flows, slots, stories and forms, and what follows from their names."""
        found = {
            *chain.from_iterable(_strings(flow.body) for flow in self.flows),
            *chain.from_iterable(map(_strings, [*self.slots.values(), *self.sections.values()])),
            *(name for flow in self.flows for name, _step in flow.texts_said()),
            *_of_forms(self.sections),
        }
        validated = (key for key, body in self.slots.items() if _has_validation(body))
        return found | {f"utter_ask_{slot}" for slot in validated}


def _defaults(branch: Branch) -> Document:
    try:
        return default_content(branch)
    except ModelServiceUnavailable:
        return {"flows": {}, "responses": {}}


def _has_validation(slot: Any) -> bool:
    return isinstance(slot, dict) and bool(slot.get("validation"))


def _left(keys: Iterable[str], used: Set[str]) -> list[str]:
    return [key for key in keys if key not in used]


def _strings(value: Any, *, keys: bool = False) -> Iterator[str]:
    """Every text in a structure; with `keys` those of its maps, too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from map(str, value if keys else ())
        for item in value.values():
            yield from _strings(item, keys=keys)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item, keys=keys)


def _under(value: Any, names: Set[str]) -> Iterator[str]:
    """Every text below keys of these names."""
    if isinstance(value, list):
        for item in value:
            yield from _under(item, names)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _strings(item, keys=True) if key in names else _under(item, names)


def _of_forms(sections: Mapping[str, Any]) -> Iterator[str]:
    """What forms run and say by their names, which nothing writes."""
    for key, forms in sections.items():
        if not key.endswith("forms") or not isinstance(forms, Mapping):
            continue
        for form, body in forms.items():
            yield f"validate_{form}"
            for slot in _strings(body, keys=True):
                yield from (f"{verb}_ask_{form}_{slot}" for verb in ("utter", "action"))
                yield from (f"{verb}_ask_{slot}" for verb in ("utter", "action"))


def _words_but_own_names(files: Mapping[str, str], settings: Iterable[str]) -> Iterator[str]:
    for path, text in files.items():
        yield from _WORD.findall(_OWN_NAME.sub("", text) if path.endswith(".py") else text)
    for text in settings:
        yield from _WORD.findall(text)


def _unused_slots(content: _Content, texts: Iterable[str]) -> list[str]:
    used = {*defaults.SLOTS, *_under([*content.sections.values()], _IN_SECTIONS)}
    for flow in content.flows:
        used.update(slot for slot, _step in flow.slots_asked())
        used.update(slot for slot, _step in flow.slots_set())
        used.update(slot for slot, _step in flow.slots_read())
        used.update(_under(flow.body, _IN_FLOWS))
    for body in content.responses.values():
        for variation in body if isinstance(body, list) else []:
            condition = variation.get("condition") if isinstance(variation, dict) else None
            used.update(_under(condition, {"name"}))
        for text in _strings(body):
            used.update(_slots_in_text(text))
    for slot, body in content.slots.items():
        used |= {*_under(body, _IN_SLOTS), *_slots_in_conditions(body)} - {slot}
    return [
        slot
        for slot in _left(content.slots, used)
        if not any(map(SlotRename(slot, slot, None).names_it, texts))
    ]


def _slots_in_text(text: str) -> Iterator[str]:
    """Of a text in a response, whether it is said, sent by a button, or a condition."""
    yield from placeholders.names_in(text)
    yield from _slots_in_conditions(text)
    if text.startswith(payloads.SET_SLOTS):
        yield from (slot for slot, _value in payloads.assignments_in(text))
    for part in _TEMPLATE.findall(text):
        yield from re.findall(r"\w+", part)


def _slots_in_conditions(value: Any) -> Iterator[str]:
    for text in _strings(value):
        yield from slots_in(text) if "slots." in text else ()
