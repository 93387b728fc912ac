"""Writes to translations: one text, whether some still fit, and what comes from a translator."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction

from modelservice.project.model import Kind
from modelservice.project.translatable import (
    Path,
    path_of,
    translatable_of,
    with_translation,
)
from modelservice.project.translation_files import ImportedText, ImportPlan, TranslationFile
from studio.common.errors import Invalid, NotFound
from studio.content.errors import RevisionConflict
from studio.content.merge import MISSING
from studio.content.models import Branch, Commit, Item, ItemText
from studio.content.selectors.documents import item_document
from studio.content.selectors.items import item_get
from studio.content.selectors.revisions import body_at
from studio.content.selectors.translation_exchange import translation_file, translation_import_plan
from studio.content.selectors.translations import check_language
from studio.content.services.blobs import edited_value
from studio.content.services.item_texts import verdicts_set
from studio.content.services.items import check_body, item_update
from studio.content.services.publishing import publish_assistant_changed
from studio.content.services.write import Author, Change, close, commit, lock, newest_commit

# (kind, key, pointer)
Place = tuple[str, str, str]


@transaction.atomic
def translation_update(
    *,
    branch: Branch,
    kind: Kind,
    key: str,
    pointer: str,
    language: str,
    text: str,
    revision: int,
    author: Author,
) -> ItemText:
    """Write the words of one text in one language; empty ones take them away.

    :raises RevisionConflict: somebody else wrote other words after `revision`
    """
    branch = lock(branch)
    check_language(branch, language)
    item = item_get(branch, kind, key)
    before = item.blob.body
    if item.revision != revision:
        before = body_at(branch, kind, key, revision)
    if before is MISSING:
        detail = "This was changed too long after you opened it to join the two: look at it again."
        raise RevisionConflict(detail, current=item_document(item), conflicts=[])
    path = _path_in(kind, key, before, pointer)
    item = item_update(
        branch=branch,
        kind=kind,
        key=key,
        body=with_translation(before, path, language, text),
        revision=revision,
        author=author,
    )
    rows = ItemText.objects.select_related("item__updated_by")
    found = rows.filter(item=item, pointer=pointer).first()
    if found is None:
        raise NotFound(f"“{pointer}” of “{key}” is no text any more.")
    return found


def _path_in(kind: Kind, key: str, body: Any, pointer: str) -> Path:
    path = path_of(pointer)
    if not any(text.path == path for text in translatable_of(kind, key, body)):
        raise NotFound(f"There is no text “{pointer}” in “{key}”.")
    return path


@transaction.atomic
def translations_judge(
    *, branch: Branch, places: Collection[Place], language: str, outdated: bool, author: Author
) -> list[ItemText]:
    """Say that these translations still fit, or that they are outdated after all.

    Content does not change, so there is no commit. The same words for the same text elsewhere, and
    in other branches, are judged with them.
    """
    list(Branch.objects.select_for_update().filter(assistant=branch.assistant_id).order_by("pk"))
    check_language(branch, language)
    rows = ItemText.objects.filter(
        branch=branch,
        item__key__in={key for _kind, key, _pointer in places},
        translations__has_key=language,
    ).select_related("item__updated_by")
    found = {(text.item.kind, text.item.key, text.pointer): text for text in rows}
    gone = next((place for place in places if place not in found), None)
    if gone is not None:
        raise NotFound(f"“{gone[2]}” of “{gone[1]}” has no words in “{language}”.")
    texts = [found[place] for place in dict.fromkeys(places)]
    verdicts_set(branch, texts, language, outdated=outdated, user=author.user)
    publish_assistant_changed(branch.assistant_id)
    for text in texts:
        text.refresh_from_db(fields=["outdated"])
    return texts


@transaction.atomic
def translations_import(
    *,
    branch: Branch,
    file: TranslationFile,
    exceptions: Collection[str],
    expected: str,
    author: Author,
) -> tuple[ImportPlan, Commit | None]:
    """Write what a translator's file changes, but for the units in `exceptions`, in one commit.

    `expected` is the digest of the preview that was seen; empty: whatever there is.

    :raises RevisionConflict: the texts are others by now, so the preview would be, too
    """
    branch = lock(branch)
    plan, digest = translation_import_plan(branch, file)
    if expected and digest != expected:
        detail = "Somebody changed these texts after you looked at the preview: look at it again."
        raise RevisionConflict(detail, current=None, conflicts=[])
    chosen = [change for change in plan.changes if change.unit not in exceptions]
    written = [change for change in chosen if not change.confirmed]
    made = commit(branch=branch, author=author, changes=_changes(branch, file.language, written))
    confirmed = [change for change in chosen if change.confirmed]
    if confirmed:
        translations_judge(
            branch=branch,
            places=[(one.kind, one.key, _pointer(one)) for one in confirmed],
            language=file.language,
            outdated=False,
            author=author,
        )
    return plan, made


def _pointer(change: ImportedText) -> str:
    return "".join(f"/{part}" for part in change.path)


def _changes(branch: Branch, language: str, texts: Sequence[ImportedText]) -> list[Change]:
    by_item: dict[tuple[str, str], list[ImportedText]] = {}
    for text in texts:
        by_item.setdefault((text.kind, text.key), []).append(text)
    changes = []
    for item in items_with_bodies(branch, by_item):
        body = seen = item.blob.body
        for text in by_item[item.kind, item.key]:
            body = with_translation(body, text.path, language, text.after)
            seen = _as_translated(seen, text, language)
        check_body(Kind(item.kind), body)
        changes.append(Change(item.kind, item.key, edited_value(body, item.blob), sent=seen))
    return changes


def _as_translated(body: Any, text: ImportedText, language: str) -> Any:
    """The item as the translator saw it: with the text that their words are a translation of."""
    changed = with_translation(body, text.path, language, text.after)
    owner = changed
    for part in text.path[:-1]:
        owner = owner[part]
    owner[text.path[-1]] = text.source
    return changed


def items_with_bodies(branch: Branch, identities: Collection[tuple[str, str]]) -> list[Item]:
    keys = sorted({key for _kind, key in identities})
    found: list[Item] = []
    for start in range(0, len(keys), 500):
        rows = Item.objects.filter(branch=branch, key__in=keys[start : start + 500])
        rows = rows.select_related("blob", "blob__base").defer("blob__content", "blob__base__body")
        found += [item for item in rows if (item.kind, item.key) in identities]
    return found


def translations_export(*, branch: Branch, language: str, show: str) -> TranslationFile:
    """The texts as they are now; what the file names as their state stays as it is."""
    file = translation_file(branch, language, show=show)
    newest = newest_commit(branch)
    if newest is not None:
        close(newest)
    return file


def check_file(branch: Branch, file: TranslationFile) -> None:
    """:raises Invalid: it is of another assistant, or of a language that this one does not speak"""
    if file.assistant != str(branch.assistant_id):
        name = f" (“{file.name}”)" if file.name else ""
        raise Invalid(f"This file is of another assistant{name}: export the texts of this one.")
    own = check_language(branch, file.language)
    if file.source_language != own:
        raise Invalid(
            f"This file translates from “{file.source_language}”, and the texts are “{own}” now: "
            "export them again."
        )
