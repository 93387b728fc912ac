"""The one family of expected failures. Anything else is a defect and becomes a 500."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict


class FieldProblem(TypedDict, total=False):
    """One thing that is wrong with an input, and where."""

    field: str
    file: str
    line: int
    item: str
    message: str


class DomainError(Exception):
    """A request that cannot be carried out, with a text for the person who made it.

    Subclasses set `code` (for programs, never changed once published), `status` (HTTP), and for
    `deploy/docs/problems.md` `when` it happens and its `remedy`. `extras` become further members of
    the problem document; `members` has the JSON schema of each.
    """

    code = "invalid"
    status = 400
    title = "The request cannot be carried out"
    when = ""
    remedy = ""
    # Whether every operation may fail so, whatever it does.
    anywhere = False
    members: Mapping[str, Mapping[str, Any]] = {}

    def __init__(self, detail: str, *, errors: Sequence[FieldProblem] = (), **extras: Any) -> None:
        if unknown := sorted(extras.keys() - self.members.keys()):
            message = f"{type(self).__name__} has no member {unknown[0]!r}"
            raise TypeError(message)
        super().__init__(detail)
        self.detail = detail
        self.errors = list(errors)
        self.extras = extras


class Invalid(DomainError):
    title = "Something in the request is not right"
    when = "A parameter or a field of the body is missing, of the wrong type or not allowed."
    remedy = "Correct what `detail` and `errors` (field, message) name, and send it again."


class NotFound(DomainError):
    """Absent and forbidden look the same from outside."""

    code = "not_found"
    status = 404
    title = "Not found"
    when = "What the address or the body names does not exist, or you may not see it."
    remedy = "Check ids and names; ask somebody who manages members whether you may see it."
