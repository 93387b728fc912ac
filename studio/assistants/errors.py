"""Expected failures of assistants as a whole."""

from studio.common.errors import DomainError


class NameTaken(DomainError):
    code = "name_taken"
    status = 409
    title = "This name is taken"
    when = "Something with this name or id is there already."
    remedy = "Choose another name, or change what is there."


class MemberExists(DomainError):
    code = "member_exists"
    status = 409
    title = "Already a member"
    when = "The person or group is already a member of the assistant."
    remedy = "Change the role of the member instead."
