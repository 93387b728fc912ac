"""Writes that concern responses only: rename with references, duplicate, other words everywhere,
and the assistant's own versions of the runtime's responses.
"""

from collections.abc import Collection, Mapping
from copy import deepcopy

from django.db import transaction

from modelservice.project.checks.content import FLOW_KINDS
from modelservice.project.checks.defaults import RESPONSES
from modelservice.project.model import Kind
from modelservice.project.response_renaming import ResponseRename
from modelservice.project.response_texts import Path, Wanted, with_texts
from studio.common.errors import FieldProblem, Invalid
from studio.content.errors import RevisionConflict
from studio.content.models import Branch, Commit, Item
from studio.content.selectors.documents import item_document
from studio.content.selectors.items import item_find, item_get
from studio.content.selectors.response_search import Match, matches_of
from studio.content.selectors.response_uses import texts_naming
from studio.content.services.blobs import edited_value
from studio.content.services.items import (
    check_body,
    check_key,
    check_revision,
    copy_name,
    item_create,
    item_update,
    name_taken,
)
from studio.content.services.sources import followed, renamed_source
from studio.content.services.write import Author, Change, commit, lock

_FOLLOWING = (*FLOW_KINDS, Kind.SLOT.value, Kind.SECTION.value)


@transaction.atomic
def response_update(
    *, branch: Branch, key: str, body: object, revision: int, author: Author
) -> Item:
    """Revision 0 makes the assistant's own version of one of the runtime's responses."""
    branch = lock(branch)
    if revision > 0:
        return item_update(
            branch=branch, kind=Kind.RESPONSE, key=key, body=body, revision=revision, author=author
        )
    stored = item_find(branch, Kind.RESPONSE, key)
    if stored is not None:
        detail = "Somebody else has written this response in the meantime."
        raise RevisionConflict(detail, current=item_document(stored), conflicts=[])
    return item_create(branch=branch, kind=Kind.RESPONSE, key=key, body=body, author=author)


def response_duplicate(*, branch: Branch, key: str, author: Author) -> Item:
    """A copy under a free name that is derived from its own."""
    response = item_get(branch, Kind.RESPONSE, key)
    copy, _number = copy_name(branch, Kind.RESPONSE, key)
    return item_create(
        branch=branch,
        kind=Kind.RESPONSE,
        key=copy,
        body=deepcopy(response.blob.body),
        author=author,
    )


@transaction.atomic
def response_rename(
    *, branch: Branch, key: str, new: str, revision: int, author: Author
) -> tuple[Item, list[str]]:
    """Give a response another name; flows, slots, stories and the list of actions follow, in the
    same commit.

    Also returns the paths of what was left as it is though it names it: code, tests, prompts.

    :raises RevisionConflict: the response was changed after `revision`
    """
    branch = lock(branch)
    response = item_get(branch, Kind.RESPONSE, key)
    check_revision(response, revision)
    if new == key:
        return response, []
    _check_names(branch, key, new)
    changes = _changes(branch, response, ResponseRename(key, new))
    commit(branch=branch, author=author, changes=changes)
    return item_get(branch, Kind.RESPONSE, new), texts_naming(branch, key)


def _check_names(branch: Branch, key: str, new: str) -> None:
    check_key(Kind.RESPONSE, new)
    for name, advice in ((key, "duplicate it instead"), (new, "choose another name")):
        if name in RESPONSES:
            message = f"The runtime says “{name}” by itself: {advice}."
            raise Invalid(message, errors=[FieldProblem(field="id", message=message)])
    if item_find(branch, Kind.RESPONSE, new) is not None:
        raise name_taken(Kind.RESPONSE, new)


def _changes(branch: Branch, response: Item, rename: ResponseRename) -> list[Change]:
    renamed = [response]
    listed = item_find(branch, Kind.ACTION, rename.old)
    if listed is not None and item_find(branch, Kind.ACTION, rename.new) is None:
        renamed.append(listed)
    changes = [change for item in renamed for change in _moved(item, rename.new)]
    names = {(item.kind, item.key): (item.kind, rename.new) for item in renamed}
    for path in {item.path for item in renamed}:
        changes += renamed_source(branch, path, names)
    others = Item.objects.filter(branch=branch, kind__in=_FOLLOWING)
    return [*changes, *followed(others, rename.in_item)]


def _moved(item: Item, new: str) -> list[Change]:
    """It stays where it stood in its file, and keeps its comments."""
    value = edited_value(item.blob.body, item.blob)
    return [
        Change(item.kind, item.key, None),
        Change(item.kind, new, value, item.path, item.position),
    ]


@transaction.atomic
def words_replace(
    *,
    branch: Branch,
    wanted: Wanted,
    replacement: str,
    revisions: Mapping[str, int],
    exceptions: Collection[tuple[str, str]],
    author: Author,
) -> tuple[list[Match], Commit | None]:
    """Write other words in the texts of the responses in `revisions`, all in one commit.

    `exceptions` are (response, pointer of the text) of matches that stay as they are. Responses
    that the writer has not seen, because they came to match since, stay as they are, too.

    :raises RevisionConflict: one of them was changed after its revision
    """
    branch = lock(branch)
    found = [
        match
        for match in matches_of(branch, wanted, replacement)
        if match.response in revisions and (match.response, match.pointer) not in exceptions
    ]
    texts: dict[str, dict[Path, str]] = {}
    for match in found:
        texts.setdefault(match.response, {})[match.path] = match.after
    changes = []
    items = Item.objects.filter(branch=branch, kind=Kind.RESPONSE, key__in=revisions)
    for item in items.select_related("blob", "blob__base", "updated_by"):
        check_revision(item, revisions[item.key])
        if item.key in texts:
            body = with_texts(item.blob.body, texts[item.key])
            check_body(Kind.RESPONSE, body)
            changes.append(Change(item.kind, item.key, edited_value(body, item.blob)))
    return found, commit(branch=branch, author=author, changes=changes)
