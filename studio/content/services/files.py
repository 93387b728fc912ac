"""Writes to the files of a project that Studio carries along: tests, code, documents."""

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Length

from modelservice.project.archive import ArchiveLimits
from modelservice.project.file_roles import FileRole, can_be_sent, role_of, text_kind
from modelservice.project.model import Kind
from studio.assistants.errors import NameTaken
from studio.common.errors import FieldProblem, Invalid
from studio.content.errors import RevisionConflict, TooLarge
from studio.content.merge import merge
from studio.content.models import Branch, Commit, Item
from studio.content.selectors.documents import conflict_document
from studio.content.selectors.files import file_document, file_get, file_text
from studio.content.selectors.items import item_find
from studio.content.selectors.revisions import file_text_at
from studio.content.services.blobs import Value
from studio.content.services.item_files import item_file_update
from studio.content.services.items import item_update, value_of
from studio.content.services.texts import text_update
from studio.content.services.write import Author, Change, commit, lock

_MAX_PATH = 500
_LIMITS = ArchiveLimits()


@transaction.atomic
def file_create(*, branch: Branch, path: str, content: bytes, author: Author) -> Item:
    """:raises NameTaken: there is a file of that name, also with other capitals"""
    branch = lock(branch)
    check_path(branch, path)
    _check_size(branch, len(content))
    change = Change(Kind.FILE.value, path, Value(content=content), path, 0)
    commit(branch=branch, author=author, changes=[change])
    return file_get(branch, path)


@transaction.atomic
def any_file_update(*, branch: Branch, path: str, text: str, revision: int, author: Author) -> None:
    """The same as `file_update` for every file, also those that pages write."""
    role = role_of(path)
    prompt = item_find(branch, Kind.PROMPT, path)
    if prompt is not None:
        body = {**prompt.blob.body, "text": text}
        item_update(
            branch=branch,
            kind=Kind.PROMPT,
            key=path,
            body=body,
            revision=revision,
            author=author,
        )
    elif role is FileRole.TEXT:
        kind = Kind(text_kind(path).value)
        text_update(branch=branch, kind=kind, content=text, revision=revision, author=author)
    elif item_find(branch, Kind.FILE, path) is None:
        item_file_update(branch=branch, path=path, text=text, revision=revision, author=author)
    else:
        file_update(branch=branch, path=path, text=text, revision=revision, author=author)


@transaction.atomic
def file_update(*, branch: Branch, path: str, text: str, revision: int, author: Author) -> Item:
    """Save a text that was written on the one at `revision`; others' lines are merged in.

    :raises RevisionConflict: somebody changed the same lines since
    """
    branch = lock(branch)
    stored = file_get(branch, path)
    now = file_text(stored)
    if now is None:
        raise Invalid(f"“{path}” is not a text: upload it anew instead.")
    if stored.revision != revision:
        merged = merge(file_text_at(branch, path, revision), text, now)
        if merged.conflicts:
            who = str(stored.updated_by) if stored.updated_by else "Somebody"
            raise RevisionConflict(
                f"{who} changed this file after you opened it.",
                current=file_document(stored),
                conflicts=[conflict_document(conflict) for conflict in merged.conflicts],
            )
        text = merged.body
    check_size(branch, text, now)
    change = Change(Kind.FILE.value, path, Value(content=text.encode("utf-8")))
    commit(branch=branch, author=author, changes=[change], autosave=True)
    return file_get(branch, path)


@transaction.atomic
def file_rename(*, branch: Branch, path: str, new: str, revision: int, author: Author) -> Item:
    """:raises RevisionConflict: it was changed after `revision`"""
    branch = lock(branch)
    stored = file_get(branch, path)
    _check_revision(stored, revision)
    if new == path:
        return stored
    check_path(branch, new, besides=path)
    changes = [
        Change(Kind.FILE.value, path, None),
        Change(Kind.FILE.value, new, value_of(stored.blob), new, 0),
    ]
    commit(branch=branch, author=author, changes=changes)
    return file_get(branch, new)


@transaction.atomic
def file_delete(
    *, branch: Branch, path: str, revision: int | None, author: Author
) -> Commit | None:
    """:raises RevisionConflict: it was changed after `revision`"""
    branch = lock(branch)
    _check_revision(file_get(branch, path), revision)
    return commit(branch=branch, author=author, changes=[Change(Kind.FILE.value, path, None)])


def check_path(branch: Branch, path: str, *, besides: str | None = None) -> None:
    """:raises Invalid: no file may have this path; says why"""
    message = _refusal(path)
    if message:
        raise Invalid(message, errors=[FieldProblem(field="id", message=message)])
    # A file `a` and a folder `a/` cannot lie in one folder, and some systems do not tell A from a.
    wanted = path.casefold()
    for (taken,) in Item.objects.filter(branch=branch, kind=Kind.FILE).values_list("key"):
        other = taken.casefold()
        is_itself = taken == besides
        if not is_itself and (
            other == wanted or other.startswith(f"{wanted}/") or wanted.startswith(f"{other}/")
        ):
            raise NameTaken(f"There is already “{taken}”.")
    if item_find(branch, Kind.SOURCE, path) is not None:
        raise NameTaken(f"There is already “{path}”.")


def _refusal(path: str) -> str | None:
    if len(path) > _MAX_PATH:
        return f"The path is longer than {_MAX_PATH} characters."
    if path != path.strip() or not can_be_sent(path):
        return (
            "A path is names between slashes, such as docs/fees.md: no name begins with a point,"
            " and none has more than 200 characters."
        )
    role = role_of(path)
    if role is FileRole.CONTENT:
        return f"“{path}” is written from the pages: what Rasa reads there is edited on them."
    if role is FileRole.TEXT:
        return f"“{path}” is one of the settings of the assistant."
    if role is FileRole.PROMPT:
        return f"“{path}” is a prompt: it is made on the page of prompts."
    return "Such files are made by programs, and not kept." if role is FileRole.SKIPPED else None


def check_size(branch: Branch, text: str, before: str) -> None:
    """:raises TooLarge: a file of this text is, or all files together are with it"""
    size = len(text.encode("utf-8"))
    _check_size(branch, size - len(before.encode("utf-8")))
    if size > _LIMITS.file_bytes:
        raise _too_large(size)


def _check_size(branch: Branch, more: int) -> None:
    if more > _LIMITS.file_bytes:
        raise _too_large(more)
    rows = Item.objects.filter(branch=branch, kind=Kind.FILE)
    total = rows.aggregate(total=Sum(Length("blob__content")))["total"] or 0
    if total + more > _LIMITS.total_bytes:
        limit = _LIMITS.total_bytes // 1024**2
        raise TooLarge(f"The files of an assistant have at most {limit} MB together.")


def _too_large(size: int) -> TooLarge:
    limit = _LIMITS.file_bytes // 1024**2
    return TooLarge(f"The file has {size / 1024**2:.1f} MB; at most {limit} MB are taken.")


def _check_revision(item: Item, revision: int | None) -> None:
    if revision is not None and item.revision != revision:
        who = str(item.updated_by) if item.updated_by else "Somebody"
        detail = f"{who} changed this file after you opened it."
        raise RevisionConflict(detail, current=file_document(item), conflicts=[])
