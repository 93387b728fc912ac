"""Expected failures of the content store."""

from studio.common.errors import DomainError


class NameTaken(DomainError):
    code = "name_taken"
    status = 409
    title = "This name is taken"


class RevisionConflict(DomainError):
    """`current` carries the stored item, in the shape of GET: nothing is overwritten silently."""

    code = "revision_conflict"
    status = 409
    title = "Somebody else changed this in the meantime"


class InUse(DomainError):
    code = "in_use"
    status = 409
    title = "This is still in use"


class ImportFailed(DomainError):
    code = "import_failed"
    status = 400
    title = "The project cannot be imported"


class TooLarge(DomainError):
    code = "too_large"
    status = 413
    title = "This is too large"
