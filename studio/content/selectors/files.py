"""Files of the project that Studio only carries along."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.db.models.functions import Length

from modelservice.project.file_roles import what_is
from modelservice.project.model import Kind
from studio.content.models import Branch, Item


def files(branch: Branch) -> list[dict[str, Any]]:
    rows = Item.objects.filter(branch=branch, kind=Kind.FILE).order_by("key")
    sized = rows.annotate(size=Length("blob__content")).values_list("key", "size")
    return [{"path": path, "size": size or 0, "what": what_is(path)} for path, size in sized]


def file_contents(branch: Branch, suffixes: Iterable[str]) -> dict[str, bytes]:
    """Path to bytes of the files that end so."""
    wanted = reduce(or_, (Q(key__endswith=suffix) for suffix in suffixes))
    rows = Item.objects.filter(wanted, branch=branch, kind=Kind.FILE)
    return {
        path: bytes(content or b"")
        for path, content in rows.order_by("key").values_list("key", "blob__content")
    }
