"""Expected failures of content."""

from typing import Any

from modelservice.project.errors import ProjectError
from studio.common.errors import DomainError


class RevisionConflict(DomainError):
    """Both sides changed one field. `current` carries the stored item in the shape of GET, and
    `conflicts` each such field with base, mine and theirs; nothing is overwritten silently."""

    code = "revision_conflict"
    status = 409
    title = "Somebody else changed this in the meantime"


class MergeConflict(DomainError):
    """Two branches changed the same fields; `conflicts` lists them."""

    code = "merge_conflict"
    status = 409
    title = "The two branches changed the same fields"


class PushRefused(DomainError):
    """Others changed the same fields since the sender last pulled or pushed.

    `sentences` name each such field; `address` is the page where it is decided.
    """

    code = "push_refused"
    status = 409
    title = "Others changed the same"


class BranchProtected(DomainError):
    code = "branch_protected"
    status = 409
    title = "The branch is protected"


class InUse(DomainError):
    code = "in_use"
    status = 409
    title = "This is still in use"


class ImportFailed(DomainError):
    code = "import_failed"
    status = 400
    title = "The project cannot be imported"


def import_failed(error: ProjectError) -> ImportFailed:
    """With every finding: file, line and item as far as they are known."""
    errors: Any = [finding.as_dict() for finding in error.findings]
    return ImportFailed(error.findings[0].message, errors=errors)


class TooLarge(DomainError):
    code = "too_large"
    status = 413
    title = "This is too large"
