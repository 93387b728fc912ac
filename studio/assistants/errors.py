"""Expected failures of assistants as a whole."""

from studio.common.errors import DomainError


class NameTaken(DomainError):
    code = "name_taken"
    status = 409
    title = "This name is taken"


class MemberExists(DomainError):
    code = "member_exists"
    status = 409
    title = "Already a member"
