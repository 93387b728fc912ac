"""Why a backup is not made, or not restored."""

from studio.common.errors import DomainError


class CannotBackUp(DomainError):
    code = "cannot_back_up"
    status = 500
    title = "No backup was made"
    when = "A backup cannot be made; only commands do."
    remedy = "Read `detail`: it says what is missing."


class CannotRestore(DomainError):
    code = "cannot_restore"
    status = 500
    title = "Nothing was restored"
    when = "A backup cannot be restored; only commands do."
    remedy = "Read `detail`: it says what stands in the way."
