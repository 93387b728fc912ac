"""What an import found in a project."""

from typing import Any

from modelservice.project.model import Project


def report_document(project: Project) -> dict[str, Any]:
    return {
        **project.counts(),
        "kept": [{"path": kept.path, "what": kept.what} for kept in project.kept],
        "unused": [{"path": path, "reason": reason} for path, reason in project.unused],
        "warnings": [finding.as_dict() for finding in project.warnings],
    }
