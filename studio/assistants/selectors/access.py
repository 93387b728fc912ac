"""The one door to assistants and their items. Absent and deleted look the same."""

from uuid import UUID

from modelservice.project.model import Kind, TextKind
from studio.assistants.models import Assistant, Primitive, ProjectText
from studio.common.errors import NotFound


def assistant_get(assistant_id: UUID) -> Assistant:
    assistant = Assistant.objects.filter(pk=assistant_id, deleted_at__isnull=True).first()
    if assistant is None:
        raise NotFound("There is no such assistant.")
    return assistant


def deleted_assistant_get(assistant_id: UUID) -> Assistant:
    assistant = Assistant.objects.filter(pk=assistant_id).first()
    if assistant is None:
        raise NotFound("There is no such assistant.")
    return assistant


def primitive_get(assistant: Assistant, kind: Kind, key: str) -> Primitive:
    primitive = primitive_find(assistant, kind, key)
    if primitive is None:
        raise NotFound(f"There is no {kind.value.replace('_', ' ')} “{key}”.")
    return primitive


def primitive_find(assistant: Assistant, kind: Kind, key: str) -> Primitive | None:
    living = Primitive.objects.select_related("assistant", "updated_by")
    return living.filter(assistant=assistant, kind=kind, key=key, deleted_at__isnull=True).first()


def deleted_primitive_get(assistant: Assistant, kind: Kind, key: str) -> Primitive:
    """The newest deleted item of that name, or the living one if there is none."""
    rows = Primitive.objects.select_related("assistant", "updated_by")
    rows = rows.filter(assistant=assistant, kind=kind, key=key)
    found = rows.filter(deleted_at__isnull=False).order_by("-deleted_at").first() or rows.first()
    if found is None:
        raise NotFound(f"There is no deleted {kind.value.replace('_', ' ')} “{key}”.")
    return found


def text_get(assistant: Assistant, kind: TextKind) -> ProjectText:
    text = (
        ProjectText.objects.select_related("updated_by")
        .filter(assistant=assistant, kind=kind)
        .first()
    )
    if text is None:
        raise NotFound(f"This assistant has no {kind.value}.yml.")
    return text
