"""The files of the project: those that Studio carries along, and those that pages write."""

from collections import Counter
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.db.models.functions import Length

from modelservice.project import model
from modelservice.project.file_problems import CHECKED_BYTES, file_problems
from modelservice.project.file_roles import what_is
from modelservice.project.model import Kind, TextKind
from modelservice.project.project_writer import default_path, write_files
from studio.accounts.roles import Permission
from studio.common.errors import NotFound
from studio.content.models import Branch, Item
from studio.content.rights import is_setting
from studio.content.secrets import masked_body
from studio.content.selectors.documents import person
from studio.content.selectors.project import project_of_rows, rows_of
from studio.content.selectors.prompts import findings_of

Document = dict[str, Any]
_READ_SUFFIXES = (".py", ".yml", ".yaml", ".jinja2", ".j2", ".jinja")
_TEXTS = {kind.value for kind in TextKind}


def files(branch: Branch) -> list[Document]:
    """Every file of the project by its path; those with `items` come from what pages edit."""
    rows = Item.objects.filter(branch=branch, kind=Kind.FILE)
    sized = rows.annotate(size=Length("blob__content")).values_list("key", "size")
    kept = [
        {"path": path, "size": size or 0, "what": what_is(path), "items": []}
        for path, size in sized
    ]
    written = [
        {"path": path, "size": None, "what": "", "items": _items(counts)}
        for path, counts in _written(branch).items()
    ]
    return sorted([*kept, *written], key=lambda row: str(row["path"]))


def _items(counts: Counter[str]) -> list[Document]:
    return [{"kind": kind, "count": count} for kind, count in counts.items()]


def _written(branch: Branch) -> dict[str, Counter[str]]:
    """Path to the number of items by kind."""
    found: dict[str, Counter[str]] = {}
    rows = Item.objects.filter(branch=branch).exclude(kind__in=[Kind.FILE, Kind.SOURCE])
    for kind, key, path in rows.order_by("position").values_list("kind", "key", "path"):
        found.setdefault(_path_of(kind, key, path), Counter())[kind] += 1
    return found


def _path_of(kind: str, key: str, path: str) -> str:
    if kind in _TEXTS or kind == Kind.PROMPT:
        return key
    return path or default_path(model.Item(Kind(kind), key, None))


def file_contents(branch: Branch, suffixes: Iterable[str]) -> dict[str, bytes]:
    """Path to bytes of the files that end so."""
    wanted = reduce(or_, (Q(key__endswith=suffix) for suffix in suffixes))
    rows = Item.objects.filter(wanted, branch=branch, kind=Kind.FILE)
    return {
        path: bytes(content or b"")
        for path, content in rows.order_by("key").values_list("key", "blob__content")
    }


def texts_of_project(branch: Branch) -> dict[str, str]:
    """Path to text of code, tests and prompts: what may name items without being one."""
    prompts = Item.objects.filter(branch=branch, kind=Kind.PROMPT).select_related("blob")
    texts = {item.key: str(item.blob.body["text"]) for item in prompts}
    for path, content in file_contents(branch, _READ_SUFFIXES).items():
        texts[path] = content.decode("utf-8", "replace")
    return texts


def file_get(branch: Branch, path: str) -> Item:
    """A file that is carried along, with its bytes."""
    rows = Item.objects.select_related("updated_by", "blob")
    item = rows.filter(branch=branch, kind=Kind.FILE, key=path).first()
    if item is None:
        raise NotFound(f"There is no file “{path}”.")
    return item


def file_revision(branch: Branch, path: str) -> int:
    """Of a file that is edited as a whole; 0 where there is none."""
    kinds = [Kind.FILE.value, Kind.PROMPT.value, *_TEXTS]
    rows = Item.objects.filter(branch=branch, kind__in=kinds, key=path)
    return rows.values_list("revision", flat=True).first() or 0


def file_text(item: Item) -> str | None:
    """None where the file is not a text in UTF-8."""
    try:
        text = bytes(item.blob.content or b"").decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def file_document(item: Item) -> Document:
    """`body` is the text; None where it is none, or too long for a page. `edited_as` says how it is
    edited: as text, as bytes (uploaded anew), or as the items of pages."""
    size = len(item.blob.content or b"")
    text = file_text(item) if size <= CHECKED_BYTES else None
    findings = file_problems(item.key, text) if text is not None else []
    if text is not None:
        findings = [*findings, *findings_of(item.branch, item.key, text)]
    return {
        "id": item.key,
        "kind": Kind.FILE.value,
        "body": text,
        "size": size,
        "what": what_is(item.key),
        "edited_as": "text" if text is not None else "bytes",
        "permission": _permission(Kind.FILE.value, item.key),
        "items": [],
        "revision": item.revision,
        "updated_at": item.updated_at,
        "updated_by": person(item.updated_by),
        "findings": [finding.as_dict() for finding in findings],
    }


def _permission(kind: str, path: str) -> str:
    needed = Permission.SETTINGS_EDIT if is_setting(kind, path) else Permission.CONTENT_EDIT
    return needed.value


def any_file_document(branch: Branch, path: str, *, with_secrets: bool) -> Document:
    """The same of every file of the project; one that pages write comes as an export has it."""
    rows = [row for row in rows_of(branch) if is_of(path, *row[:3])]
    if [row[0] for row in rows] == [Kind.FILE.value]:
        return file_document(file_get(branch, path))
    content = write_files(project_of_rows(rows)).get(path)
    if content is None:
        raise NotFound(f"There is no file “{path}”.")
    counts = Counter(row[0] for row in rows if row[0] != Kind.SOURCE)
    newest = Item.objects.filter(branch=branch, kind__in=counts, key__in=[row[1] for row in rows])
    last = newest.select_related("updated_by").order_by("-revision").first()
    text = content.decode("utf-8", "replace")
    [kind] = counts if len(counts) == 1 else [""]
    return {
        "id": path,
        "kind": Kind.FILE.value,
        "body": text if with_secrets else masked_body(kind, text),
        "size": len(content),
        "what": "",
        "edited_as": "text" if kind in _TEXTS or kind == Kind.PROMPT else "items",
        "permission": _permission(kind, path),
        "items": _items(counts),
        "revision": last.revision if last is not None else 0,
        "updated_at": last.updated_at if last is not None else None,
        "updated_by": person(last.updated_by) if last is not None else None,
        "findings": [each.as_dict() for each in findings_of(branch, path, text)],
    }


def is_of(path: str, kind: str, key: str, stored: str) -> bool:
    """Whether an item, whose path is stored so, stands in the file at `path`."""
    if kind in {Kind.FILE, Kind.SOURCE}:
        return key == path
    return _path_of(kind, key, stored) == path
