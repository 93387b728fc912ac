"""Single items at the head of a branch."""

from uuid import UUID

from modelservice.project.model import Kind
from studio.common.errors import NotFound
from studio.content.models import MAIN, Branch, Item


def branch_get(assistant_id: UUID, name: str = MAIN) -> Branch:
    """A branch of an assistant that came through the door."""
    rows = Branch.objects.select_related("assistant")
    branch = rows.filter(assistant=assistant_id, name=name or MAIN).first()
    if branch is None:
        raise NotFound(f"There is no branch “{name}”.")
    return branch


def item_get(branch: Branch, kind: Kind, key: str) -> Item:
    item = item_find(branch, kind, key)
    if item is None:
        raise NotFound(f"There is no {kind.value.replace('_', ' ')} “{key}”.")
    return item


def item_find(branch: Branch, kind: Kind, key: str) -> Item | None:
    rows = Item.objects.select_related("updated_by", "blob", "blob__base")
    rows = rows.defer("blob__content", "blob__base__body", "blob__base__content")
    return rows.filter(branch=branch, kind=kind, key=key).first()


def text_get(branch: Branch, kind: Kind) -> Item:
    """config.yml, endpoints.yml or credentials.yml; `body` of its blob is the text."""
    rows = Item.objects.select_related("updated_by", "blob").filter(branch=branch, kind=kind)
    item = rows.first()
    if item is None:
        raise NotFound(f"This assistant has no {kind.value}.yml.")
    return item


def text_of(branch: Branch, kind: Kind) -> str:
    """The text of such a file; empty where there is none."""
    found = Item.objects.filter(branch=branch, kind=kind).values_list("blob__body", flat=True)
    return str(found.first() or "")
