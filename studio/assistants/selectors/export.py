"""The stored content as a project."""

from collections.abc import Collection

from modelservice.project import model
from modelservice.project.model import Item, Kind, Project, Text, TextKind
from studio.assistants.models import Assistant


def project_of(assistant: Assistant, flows: Collection[str] | None = None) -> Project:
    """Everything that an import of it would need; `flows` limits the flows, not the domain."""
    project = Project()
    living = assistant.primitives.filter(deleted_at__isnull=True)
    columns = ("kind", "key", "body", "source_path", "position")
    for kind, key, body, path, position in living.values_list(*columns):
        if flows is None or kind != Kind.FLOW or key in flows:
            project.items.append(Item(Kind(kind), key, body, path or None, position))
    for text in assistant.texts.all():
        if text.text or text.kind != TextKind.ENDPOINTS:
            project.texts[TextKind(text.kind)] = Text(text.path, text.text)
    project.sources = [
        model.SourceFile(source.path, bytes(source.content), source.layout, source.fingerprint)
        for source in assistant.source_files.all()
    ]
    project.kept = [
        model.KeptFile(kept.path, bytes(kept.content), kept.what)
        for kept in assistant.kept_files.all()
    ]
    return project
