"""Writes that concern slots only: another name, which all that speaks of the slot follows."""

from django.db import transaction

from modelservice.project.checks.content import FLOW_KINDS
from modelservice.project.model import Kind
from modelservice.project.slot_renaming import SlotRename
from modelservice.project.slot_types import LANGUAGE_SLOT, RESERVED_SLOTS
from studio.common.errors import FieldProblem, Invalid
from studio.content.models import Branch, Item
from studio.content.selectors.files import file_contents
from studio.content.selectors.items import item_find, item_get
from studio.content.services.blobs import edited_value
from studio.content.services.items import check_key, check_revision, name_taken
from studio.content.services.sources import renamed_source
from studio.content.services.write import Author, Change, commit, lock

_FOLLOWING = (*FLOW_KINDS, Kind.RESPONSE.value, Kind.SLOT.value, Kind.SECTION.value)
_READ_SUFFIXES = (".py", ".yml", ".yaml", ".jinja2", ".j2", ".jinja")


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
        *renamed_source(branch, slot.path, (slot.kind, slot.key), (slot.kind, rename.new)),
    ]
    others = Item.objects.filter(branch=branch, kind__in=_FOLLOWING).exclude(pk=slot.pk)
    for item in others.select_related("blob", "blob__base"):
        body = rename.in_item(item.kind, item.key, item.blob.body)
        if body != item.blob.body:
            changes.append(Change(item.kind, item.key, edited_value(body, item.blob)))
    return changes


def _left(branch: Branch, rename: SlotRename) -> list[str]:
    """The names of actions that Rasa makes from the slot's, and the paths of texts."""
    actions = (f"action_ask_{rename.old}", f"validate_{rename.old}")
    listed = Item.objects.filter(branch=branch, kind=Kind.ACTION, key__in=actions)
    prompts = Item.objects.filter(branch=branch, kind=Kind.PROMPT).select_related("blob")
    texts = {
        path: content.decode("utf-8", "replace")
        for path, content in file_contents(branch, _READ_SUFFIXES).items()
    }
    texts.update({item.key: str(item.blob.body["text"]) for item in prompts})
    return [
        *sorted(listed.values_list("key", flat=True)),
        *sorted(path for path, text in texts.items() if rename.names_it(text)),
    ]
