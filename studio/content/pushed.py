"""What a push changes, seen from the state that its sender began from."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from modelservice.project.alignment import canonical
from modelservice.project.checks.content import Identity
from modelservice.project.config_text import read_map
from modelservice.project.errors import ProjectError
from modelservice.project.model import Item, Kind
from modelservice.project.nlu_writing import Group, examples_of, group_of, taken_over
from modelservice.project.parts import Sent, section_name
from modelservice.project.spelled_flow import shortened
from studio.content.merge import MISSING, merge, resolve
from studio.content.secrets import MASK, masked_body

_FLOWS = {Kind.FLOW.value, Kind.SYSTEM_FLOW.value}
# Compared as parsed: an upload writes them anew.
_TEXTS = {Kind.CONFIG.value, Kind.ENDPOINTS.value}


@dataclass(frozen=True, slots=True)
class Known:
    """An item of the state that the sender began from, in a blob."""

    body: Any
    path: str
    blob_id: int


State = Mapping[Identity, Known]


@dataclass(frozen=True, slots=True)
class Pushed:
    """What the sender made of an item; MISSING where they removed it. `path` is for a new one."""

    body: Any
    path: str


def same_body(kind: str, key: str, one: Any, other: Any) -> bool:
    """Whether two writings say the same; spelled out or not, in whatever order of keys."""
    if one == other and canonical(one) == canonical(other):
        return True
    if kind in _FLOWS:
        return canonical(shortened(key, one)) == canonical(shortened(key, other))
    if kind in _TEXTS:
        return _same_text(kind, one, other)
    if kind == Kind.NLU:
        return group_of(one) == group_of(other) and [*examples_of([one])] == [*examples_of([other])]
    return canonical(one) == canonical(other)


def pushed_items(base: State, sent: Sent) -> dict[Identity, Pushed]:
    """Every item that the sender added, changed or removed since `base`.

    A change is carried into the way in which the item was written there: what Rasa spells out and
    nobody touched is no change.
    """
    found: dict[Identity, Pushed] = {}
    by_identity = {item.identity: item for item in sent.project.items}
    for item in sent.project.items:
        if item.kind not in {Kind.NLU, Kind.SECTION}:
            _compare(base, item, found)
    for text_kind, text in sent.project.texts.items():
        # config.yaml takes the place of config.yml: there is one of each.
        own = [identity for identity in base if identity[0] == text_kind.value]
        key = own[0][1] if own else text.path
        _compare(base, Item(Kind(text_kind.value), key, text.text, text.path), found)
    for identity in base:
        kind = identity[0]
        if kind in sent.kinds and kind != Kind.NLU and identity not in by_identity:
            found[identity] = Pushed(MISSING, "")
    _compare_sections(base, sent, found)
    if Kind.NLU.value in sent.kinds:
        _compare_examples(base, sent, found)
    return found


def _compare(base: State, item: Item, found: dict[Identity, Pushed]) -> None:
    kind, key = item.identity
    known = base.get(item.identity)
    if known is None:
        found[item.identity] = Pushed(item.body, item.source_path or "")
    elif not _is_unchanged(kind, key, known.body, item.body):
        found[item.identity] = Pushed(_carried(kind, key, known.body, item.body), known.path)


def _is_unchanged(kind: str, key: str, known: Any, sent: Any) -> bool:
    """Who may not see secrets was given masks, and sends them back."""
    if kind == Kind.ENDPOINTS and MASK in str(sent):
        return same_body(kind, key, masked_body(kind, known), sent)
    if kind in _TEXTS and known != sent and (_has_comments(sent) or not _has_comments(known)):
        return False  # a push sends the file as it is written, and a pull brings it back
    return same_body(kind, key, known, sent)


def _has_comments(text: str) -> bool:
    return re.search(r"^\s*#|\s#", text, re.MULTILINE) is not None


def _carried(kind: str, key: str, known: Any, sent: Any) -> Any:
    if kind not in _FLOWS:
        return sent
    merged = merge(shortened(key, known), known, sent)
    return resolve(merged, ["theirs"] * len(merged.conflicts))


def _same_text(kind: str, one: str, other: str) -> bool:
    try:
        return canonical(read_map(one, kind)) == canonical(read_map(other, kind))
    except ProjectError:
        return one == other


def _compare_sections(base: State, sent: Sent, found: dict[Identity, Pushed]) -> None:
    """A section that several files have is sent as one: each key goes where it was, new ones into
    the first of them."""
    bodies = {
        section_name(item.key): item for item in sent.project.items if item.kind is Kind.SECTION
    }
    own: dict[str, list[Identity]] = defaultdict(list)
    for kind, key in base:
        if kind == Kind.SECTION and section_name(key) in sent.sections:
            own[section_name(key)].append((kind, key))
    for name in sent.sections:
        item = bodies.get(name)
        if not own[name]:
            if item is not None:
                found[item.identity] = Pushed(item.body, item.source_path or "")
            continue
        parts = _in_parts([base[one].body for one in own[name]], item.body if item else MISSING)
        for identity, body in zip(own[name], parts, strict=True):
            if body is MISSING or canonical(body) != canonical(base[identity].body):
                found[identity] = Pushed(body, base[identity].path)


def _in_parts(own: list[Any], sent: Any) -> list[Any]:
    if sent is MISSING or not isinstance(sent, dict) or len(own) == 1:
        return [sent, *(MISSING for _ in own[1:])]
    known = {key for body in own if isinstance(body, dict) for key in body}
    new = {key: value for key, value in sent.items() if key not in known}
    parts: list[Any] = [
        {key: sent[key] for key in body if key in sent} if isinstance(body, dict) else MISSING
        for body in own
    ]
    return [{**parts[0], **new}, *parts[1:]] if isinstance(parts[0], dict) else [new, *parts[1:]]


def _compare_examples(base: State, sent: Sent, found: dict[Identity, Pushed]) -> None:
    own: dict[Group, list[Identity]] = defaultdict(list)
    for identity, known in base.items():
        group = group_of(known.body) if identity[0] == Kind.NLU else None
        if group is not None:
            own[group].append(identity)
    given: dict[Group, list[Item]] = defaultdict(list)
    for item in sent.project.items:
        group = group_of(item.body) if item.kind is Kind.NLU else None
        if group is not None:
            given[group].append(item)
    for group in {**own, **given}:
        if not own[group]:
            for item in given[group]:
                found[item.identity] = Pushed(item.body, item.source_path or "")
            continue
        bodies = [base[identity].body for identity in own[group]]
        after = taken_over(bodies, [item.body for item in given[group]])
        for identity, before, body in zip(own[group], bodies, after, strict=True):
            if body is not before:
                path = base[identity].path
                found[identity] = Pushed(MISSING if body is None else body, path)
