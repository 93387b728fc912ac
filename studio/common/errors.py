"""The one family of expected failures. Anything else is a defect and becomes a 500."""

from collections.abc import Sequence
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

    Subclasses set `code` (for programs, never changed once published) and `status` (HTTP).
    `extras` become further members of the problem document.
    """

    code = "invalid"
    status = 400
    title = "The request cannot be carried out"

    def __init__(self, detail: str, *, errors: Sequence[FieldProblem] = (), **extras: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = list(errors)
        self.extras = extras


class Invalid(DomainError):
    title = "Something in the request is not right"


class NotFound(DomainError):
    """Absent and forbidden look the same from outside."""

    code = "not_found"
    status = 404
    title = "Not found"
