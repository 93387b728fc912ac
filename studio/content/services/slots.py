"""Writes that concern slots only: another name of a slot or of one of its values, which all that
speaks of it follows.
"""

import re

from django.db import transaction

from modelservice.project.checks.content import FLOW_KINDS
from modelservice.project.model import Kind
from modelservice.project.slot_renaming import SlotRename
from modelservice.project.slot_types import CATEGORICAL, LANGUAGE_SLOT, RESERVED_SLOTS
from modelservice.project.slot_values import NotWritable, SlotValues, known_value, values_of
from studio.common.errors import FieldProblem, Invalid, NotFound
from studio.content.models import Branch, Item
from studio.content.selectors.files import texts_of_project
from studio.content.selectors.items import item_find, item_get
from studio.content.selectors.slot_values import holders, renaming, yaml_texts
from studio.content.services.blobs import Value, edited_value
from studio.content.services.items import check_key, check_revision, name_taken
from studio.content.services.sources import followed, renamed_source
from studio.content.services.write import Author, Change, commit, lock

_FOLLOWING = (*FLOW_KINDS, Kind.RESPONSE.value, Kind.SLOT.value, Kind.SECTION.value)


@transaction.atomic
def slot_rename(
    *, branch: Branch, key: str, new: str, revision: int, author: Author
) -> tuple[Item, list[str]]:
    """Give a slot another name; flows, responses and other slots follow, in the same commit.

    Also returns what was left as it is though it seems to name the slot: code, tests, prompts.

    :raises RevisionConflict: the slot was changed after `revision`
    """
    branch = lock(branch)
    slot = item_get(branch, Kind.SLOT, key)
    check_revision(slot, revision)
    if new == key:
        return slot, []
    _check_name(branch, new)
    question = f"utter_ask_{key}"
    is_asked = item_find(branch, Kind.RESPONSE, question) is not None
    rename = SlotRename(key, new, question if is_asked else None)
    commit(branch=branch, author=author, changes=_changes(branch, slot, rename))
    return item_get(branch, Kind.SLOT, new), _left(branch, rename)


def _check_name(branch: Branch, new: str) -> None:
    check_key(Kind.SLOT, new)
    if new == LANGUAGE_SLOT or new in RESERVED_SLOTS:
        message = f"“{new}” is Rasa's own slot: choose another name."
        raise Invalid(message, errors=[FieldProblem(field="id", message=message)])
    if item_find(branch, Kind.SLOT, new) is not None:
        raise name_taken(Kind.SLOT, new)


def _changes(branch: Branch, slot: Item, rename: SlotRename) -> list[Change]:
    body = rename.in_item(slot.kind, slot.key, slot.blob.body)
    changes = [
        Change(slot.kind, slot.key, None),
        # It stays where it stood in its file, and keeps its comments.
        Change(slot.kind, rename.new, edited_value(body, slot.blob), slot.path, slot.position),
        *renamed_source(branch, slot.path, {(slot.kind, slot.key): (slot.kind, rename.new)}),
    ]
    others = Item.objects.filter(branch=branch, kind__in=_FOLLOWING).exclude(pk=slot.pk)
    return [*changes, *followed(others, rename.in_item)]


def _left(branch: Branch, rename: SlotRename) -> list[str]:
    """The names of actions that Rasa makes from the slot's, and the paths of texts."""
    actions = (f"action_ask_{rename.old}", f"validate_{rename.old}")
    listed = Item.objects.filter(branch=branch, kind=Kind.ACTION, key__in=actions)
    return [
        *sorted(listed.values_list("key", flat=True)),
        *sorted(path for path, text in texts_of_project(branch).items() if rename.names_it(text)),
    ]


@transaction.atomic
def slot_value_rename(
    *, branch: Branch, key: str, value: str, new: str, revision: int, author: Author
) -> tuple[Item, list[tuple[str, str]], list[str]]:
    """Give a value of a choice slot another name; conditions, steps that set it, buttons, tests and
    the examples of entities that fill the slot follow, in the same commit.

    Also returns (kind, key) of what followed, and the paths of what was left as it is though it
    seems to name the value: code, prompts, tests that cannot be edited in place.

    :raises RevisionConflict: the slot was changed after `revision`
    """
    branch = lock(branch)
    slot = item_get(branch, Kind.SLOT, key)
    check_revision(slot, revision)
    _check_value(slot, value, new)
    if new == value:
        return slot, [], []
    places = renaming(branch, slot, value, new)
    try:
        changes = _value_changes(branch, places, new)
    except NotWritable as error:
        raise _unfit(str(error)) from error
    commit(branch=branch, author=author, changes=changes)
    followed_by = [
        (one.kind, one.key)
        for one in changes
        if one.value is not None and one.kind != Kind.SOURCE and not _lists_only(one, slot)
    ]
    left = [
        path for path in _naming(branch, key, value) if (Kind.FILE.value, path) not in followed_by
    ]
    return item_get(branch, Kind.SLOT, key), followed_by, left


def _check_value(slot: Item, value: str, new: str) -> None:
    values = values_of(slot.blob.body)
    if slot.blob.body.get("type") not in CATEGORICAL or value not in values:
        raise NotFound(f"“{value}” is not a value of the slot “{slot.key}”.")
    if not new.strip() or new != new.strip():
        raise _unfit("A value has some words, without blanks around them.")
    taken = known_value(new, [one for one in values if one != value])
    if taken is not None:
        raise _unfit(f"There is already a value “{taken}”.")


def _unfit(message: str) -> Invalid:
    return Invalid(message, errors=[FieldProblem(field="new", message=message)])


def _value_changes(branch: Branch, places: SlotValues, new: str) -> list[Change]:
    changes = []
    for item in holders(branch, places.entities).select_related("blob", "blob__base"):
        before = item.blob.body
        body = places.in_item(item.kind, item.key, before)
        if body == before:
            continue
        value = edited_value(body, item.blob)
        if item.kind == Kind.NLU and body.get("synonym") != before.get("synonym"):
            key = _free_synonym(branch, new)
            names = {(item.kind, item.key): (item.kind, key)}
            changes += [
                Change(item.kind, item.key, None),
                Change(item.kind, key, value, item.path, item.position),
                *renamed_source(branch, item.path, names),
            ]
        else:
            changes.append(Change(item.kind, item.key, value))
    for path, text in yaml_texts(branch).items():
        after = places.in_tests(text, path)
        if after != text:
            changes.append(Change(Kind.FILE.value, path, Value(content=after.encode("utf-8"))))
    return changes


def _lists_only(change: Change, slot: Item) -> bool:
    """Whether it is the change of the slot itself, and only of its list of values."""
    if (change.kind, change.key) != (slot.kind, slot.key) or change.value is None:
        return False
    before = slot.blob.body
    return all(change.value.body[key] == before[key] for key in before if key != "values")


def _free_synonym(branch: Branch, name: str) -> str:
    """A second entry of one name has a number behind it."""
    number, key = 1, f"synonym:{name}"
    while item_find(branch, Kind.NLU, key) is not None:
        number += 1
        key = f"synonym:{name} ({number})"
    return key


def _naming(branch: Branch, slot: str, value: str) -> list[str]:
    """Paths of texts that name the slot and the value."""
    rename = SlotRename(slot, slot, None)
    words = re.compile(rf"(?<!\w){re.escape(value)}(?!\w)")
    return sorted(
        path
        for path, text in texts_of_project(branch).items()
        if rename.names_it(text) and words.search(text)
    )
