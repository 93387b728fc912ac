"""Writes that concern what an assistant is taught: examples, names of intents and entities."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from modelservice.project.checks.content import FLOW_KINDS, Identity
from modelservice.project.model import Kind
from modelservice.project.nlu_editing import UnusableExample
from modelservice.project.nlu_renaming import EntityRename, IntentRename
from studio.assistants.errors import NameTaken
from studio.common.errors import FieldProblem, Invalid, NotFound
from studio.content.errors import ExampleChanged, InUse
from studio.content.models import Branch, Commit, Entry, Item
from studio.content.selectors.files import texts_of_project
from studio.content.selectors.items import item_find, item_get, text_of
from studio.content.selectors.revisions import removed_entry
from studio.content.selectors.understanding import (
    Entries,
    entity_exists,
    entries_of_intent,
    flows_by_intent,
    intent_exists,
    is_marked,
    nlu_items,
    slots_by,
)
from studio.content.services.blobs import Value, edited_value
from studio.content.services.items import (
    changes_to,
    check_key,
    check_revision,
    check_size,
    name_taken,
)
from studio.content.services.placement import path_for
from studio.content.services.sources import followed, renamed_source
from studio.content.services.write import Author, Change, commit, lock

_FOLLOWING = (*FLOW_KINDS, Kind.SLOT.value, Kind.RESPONSE.value, Kind.SECTION.value)


@dataclass(frozen=True, slots=True)
class ExampleChange:
    """An example and what becomes of it: `was` None is a new one, `becomes` None removes it.

    Each is (intent, words); `position` is where it goes among those of its intent, None at the end.
    """

    was: tuple[str, str] | None
    becomes: tuple[str, str] | None
    position: int | None = None


@transaction.atomic
def examples_change(
    *, branch: Branch, changes: Sequence[ExampleChange], author: Author
) -> Commit | None:
    """Carry these out one after another, as one commit; all or nothing.

    Somebody else's changes of other examples stay: an example is found by its words.

    :raises ExampleChanged: one is not there any more in these words
    :raises Invalid: one is there already, or is no example
    :raises NotFound: there is no such intent
    """
    branch = lock(branch)
    entries: dict[str, Entries] = {}
    for index, change in enumerate(changes):
        for intent in {side[0] for side in (change.was, change.becomes) if side is not None}:
            if intent not in entries:
                entries[intent] = _known_entries(branch, intent)
        try:
            _carry_out(entries, change)
        except UnusableExample as error:
            field = f"changes/{index}/becomes/text"
            raise Invalid(
                str(error), errors=[FieldProblem(field=field, message=str(error))]
            ) from error
    written = [one for intent in entries for one in _written(branch, intent, entries[intent])]
    return commit(branch=branch, author=author, changes=written, autosave=True)


def _known_entries(branch: Branch, intent: str) -> Entries:
    entries = entries_of_intent(branch, intent)
    if not entries.items and not intent_exists(branch, intent):
        raise NotFound(f"There is no intent “{intent}”.")
    return entries


def _carry_out(entries: dict[str, Entries], change: ExampleChange) -> None:
    was, becomes = change.was, change.becomes
    try:
        if was is not None:
            if becomes is not None and was[0] == becomes[0] and change.position is None:
                entries[was[0]].examples.change(was[1], becomes[1])
                return
            entries[was[0]].examples.remove(was[1])
    except KeyError as error:
        intent, text = was or ("", "")
        raise ExampleChanged(
            f"“{text}” is no longer an example of “{intent}”: somebody changed, moved or "
            "removed it."
        ) from error
    if becomes is not None:
        check_size(becomes[1])
        entries[becomes[0]].examples.add(becomes[1], change.position)


def _written(branch: Branch, intent: str, entries: Entries) -> list[Change]:
    changes = []
    bodies = entries.examples.bodies()
    for item, body in zip(entries.items, bodies, strict=False):
        if body != item.blob.body:
            value = None if body is None else edited_value(body, item.blob)
            changes.append(Change(item.kind, item.key, value))
    for body in bodies[len(entries.items) :]:
        key = f"intent:{intent}"
        changes.append(Change(Kind.NLU.value, key, Value(body), path_for(branch, Kind.NLU, key)))
    return changes


@transaction.atomic
def intent_rename(
    *, branch: Branch, key: str, new: str, revision: int, author: Author
) -> list[str]:
    """Give an intent another name; flows, slots, buttons, examples and stories follow, in the same
    commit.

    Returns what was left as it is though it seems to name it: config.yml, code, tests, prompts.

    :raises RevisionConflict: the intent was changed after `revision`
    """
    branch = lock(branch)
    item = _to_rename(branch, Kind.INTENT, key, revision)
    if new == key:
        return []
    check_key(Kind.INTENT, new)
    if intent_exists(branch, new):
        raise name_taken(Kind.INTENT, new)
    rename = IntentRename(key, new)
    moved = [*_own(item, new), *_renamed_entries(branch, ["intent"], key, new)]
    others = Item.objects.filter(branch=branch, kind__in=_FOLLOWING)
    changes = [*_moved(branch, moved, rename), *followed(others, rename.in_item)]
    commit(branch=branch, author=author, changes=changes)
    return _left(branch, rename)


@transaction.atomic
def entity_rename(
    *, branch: Branch, key: str, new: str, revision: int, author: Author
) -> list[str]:
    """The same for an entity: marks in examples, its lists, slots and buttons follow."""
    branch = lock(branch)
    item = _to_rename(branch, Kind.ENTITY, key, revision)
    if new == key:
        return []
    check_key(Kind.ENTITY, new)
    if entity_exists(branch, new):
        raise name_taken(Kind.ENTITY, new)
    rename = EntityRename(key, new)
    lists = _renamed_entries(branch, ["lookup", "regex"], key, new)
    for _item, new_key in lists:
        if item_find(branch, Kind.NLU, new_key) is not None:
            label = new_key.partition(":")[0]
            raise NameTaken(f"There is already a {label} “{new}”: rename or delete it first.")
    others = Item.objects.filter(branch=branch, kind__in=(*_FOLLOWING, Kind.INTENT, Kind.NLU))
    others = others.exclude(pk__in=[one.pk for one, _key in lists])
    moved = _moved(branch, [*_own(item, new), *lists], rename)
    changes = [*moved, *followed(others, rename.in_item)]
    commit(branch=branch, author=author, changes=changes)
    return _left(branch, rename)


def _to_rename(branch: Branch, kind: Kind, key: str, revision: int) -> Item | None:
    """The item; None where only the training data name it (revision 0)."""
    if kind is Kind.INTENT and "/" in key:
        message = "Rename the intent's responses in the files: its name stands in theirs."
        raise Invalid(message, errors=[FieldProblem(field="id", message=message)])
    exists = intent_exists if kind is Kind.INTENT else entity_exists
    if revision == 0 and item_find(branch, kind, key) is None and exists(branch, key):
        return None
    item = item_get(branch, kind, key)
    check_revision(item, revision)
    return item


def _own(item: Item | None, new: str) -> list[tuple[Item, str]]:
    return [] if item is None else [(item, new)]


def _renamed_entries(
    branch: Branch, labels: Sequence[str], key: str, new: str
) -> list[tuple[Item, str]]:
    """Entries of the training data of this name, each with the key that it gets."""
    return [
        (item, f"{label}:{new}{item.key.removeprefix(f'{label}:{key}')}")
        for label in labels
        for item in nlu_items(branch, label, key)
    ]


def _moved(
    branch: Branch, items: Sequence[tuple[Item, str]], rename: IntentRename | EntityRename
) -> list[Change]:
    """Each stays where it stood in its file, and keeps its comments."""
    changes = []
    names: dict[str, dict[Identity, Identity]] = {}
    for item, new in items:
        body = rename.in_item(item.kind, item.key, item.blob.body)
        changes += [
            Change(item.kind, item.key, None),
            Change(item.kind, new, edited_value(body, item.blob), item.path, item.position),
        ]
        names.setdefault(item.path, {})[item.kind, item.key] = (item.kind, new)
    for path, renamed in names.items():
        changes += renamed_source(branch, path, renamed)
    return changes


def _left(branch: Branch, rename: IntentRename | EntityRename) -> list[str]:
    texts = {"config.yml": text_of(branch, Kind.CONFIG), **texts_of_project(branch)}
    return sorted(path for path, text in texts.items() if rename.names_it(text))


@transaction.atomic
def intent_delete(*, branch: Branch, key: str, revision: int | None, author: Author) -> None:
    """With its examples.

    :raises InUse: it starts a flow, or a slot looks at it
    :raises RevisionConflict: it was changed after `revision`
    """
    branch = lock(branch)
    items = nlu_items(branch, "intent", key)
    item = item_find(branch, Kind.INTENT, key)
    if item is None and not items:
        raise NotFound(f"There is no intent “{key}”.")
    if item is not None and revision is not None:
        check_revision(item, revision)
    flows = flows_by_intent(branch)[key]
    slots = slots_by(branch, "intents")[key]
    if flows or slots:
        names = ", ".join([*(flow["flow_name"] for flow in flows), *slots])
        used_by = [
            {"flow": flow["flow"], "flow_name": flow["flow_name"], "step": None} for flow in flows
        ]
        raise InUse(f"“{key}” is still used: {names}.", used_by=used_by)
    gone = [*items, *([item] if item is not None else [])]
    commit(branch=branch, author=author, changes=[Change(one.kind, one.key, None) for one in gone])


@transaction.atomic
def intent_restore(*, branch: Branch, key: str, author: Author) -> None:
    """Bring the intent that was deleted last back, with the examples that went with it."""
    branch = lock(branch)
    if intent_exists(branch, key):
        raise name_taken(Kind.INTENT, key)
    rows = Entry.objects.filter(branch=branch, blob__isnull=True)
    of_it = rows.filter(kind=Kind.INTENT, key=key) | rows.filter(
        kind=Kind.NLU, key__startswith=f"intent:{key}"
    )
    newest = of_it.order_by("-number").first()
    gone = {} if newest is None else _gone_with(branch, key, newest)
    if not gone:
        raise NotFound(f"There is no deleted intent “{key}”.")
    commit(branch=branch, author=author, changes=changes_to(gone))


def _gone_with(branch: Branch, key: str, newest: Entry) -> dict[Identity, Entry | None]:
    """What one commit removed of an intent, as it was before."""
    found: dict[Identity, Entry | None] = {}
    for entry in Entry.objects.filter(commit=newest.commit_id, blob__isnull=True):
        kind = Kind(entry.kind)
        before = removed_entry(branch, kind, entry.key)
        if before is None or before.blob is None:
            continue
        is_it = kind is Kind.INTENT and entry.key == key
        body = before.blob.body
        if is_it or (kind is Kind.NLU and isinstance(body, dict) and body.get("intent") == key):
            found[entry.kind, entry.key] = before
    return found


@transaction.atomic
def entity_delete(*, branch: Branch, key: str, revision: int | None, author: Author) -> None:
    """:raises InUse: an example marks it, or a slot is filled from it"""
    branch = lock(branch)
    item = item_get(branch, Kind.ENTITY, key)
    if revision is not None:
        check_revision(item, revision)
    slots = slots_by(branch, "entities")[key]
    if slots:
        raise InUse(f"“{key}” still fills {', '.join(slots)}.", used_by=[])
    if is_marked(branch, key):
        raise InUse(f"“{key}” is still marked in examples.", used_by=[])
    commit(branch=branch, author=author, changes=[Change(item.kind, item.key, None)])


def check_word_list(key: str, body: Any) -> None:
    """
    :raises Invalid: the body is of another kind or name than its key says, or has no examples
    """
    check_key(Kind.NLU, key)
    label, _, rest = key.partition(":")
    name = body.get(label) if isinstance(body, dict) else None
    message = ""
    if not isinstance(name, str) or rest not in {name, *_numbered(rest, name)}:
        message = f"The body of “{key}” must have “{label}” with its name."
    elif not isinstance(body.get("examples", ""), str | list):
        message = "examples must be a text with a line for each, or a list."
    if message:
        raise Invalid(message, errors=[FieldProblem(field="body", message=message)])


def _numbered(rest: str, name: str) -> set[str]:
    """A second entry of one name has a number behind it."""
    found = re.fullmatch(r" \(\d+\)", rest.removeprefix(name))
    return {rest} if found else set()
