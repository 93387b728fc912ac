"""Expected failures of conversation review."""

from studio.common.errors import DomainError


class TagTaken(DomainError):
    code = "name_taken"
    status = 409
    title = "This name is taken"
