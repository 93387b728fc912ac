"""Failures as `application/problem+json` (RFC 9457)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Self

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.defaults import page_not_found
from django.views.defaults import server_error as django_server_error
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from modelservice.common import request_ids
from studio.common.errors import DomainError, FieldProblem, Invalid, NotFound

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Failure:
    """A code that answers may have. `anywhere`: of every operation, whatever it does. `members`:
    what its document has besides, with the JSON schema of each."""

    code: str
    status: int
    title: str
    when: str
    remedy: str
    anywhere: bool = False
    members: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, error: type[DomainError]) -> Self:
        return cls(
            error.code,
            error.status,
            error.title,
            error.when,
            error.remedy,
            error.anywhere,
            error.members,
        )


_NAMES = {"type": "array", "items": {"type": "string"}}
NOT_AUTHENTICATED = Failure(
    "not_authenticated",
    401,
    "Please sign in",
    "The request has no token, or one that is expired, unknown or of another installation.",
    "Get a new access token and send it as `Authorization: Bearer …`.",
)
PERMISSION_DENIED = Failure(
    "permission_denied",
    403,
    "Your roles do not allow this",
    "You are signed in, but no role of yours holds the `permission` that this needs.",
    "Ask an administrator for one of `roles`.",
    members={
        "permission": {"type": "string", "description": "What is needed"},
        "roles": {**_NAMES, "description": "Of people, that hold the permission"},
        "scopes": {**_NAMES, "description": "Of access tokens, that hold it; where yours has none"},
    },
)
UNSUPPORTED_MEDIA_TYPE = Failure(
    "unsupported_media_type",
    415,
    "The body is in a format that is not taken here",
    "`Content-Type` is not what the operation takes.",
    "Send `application/json`, or `multipart/form-data` where a file is uploaded.",
)
PARSE_ERROR = Failure(
    "parse_error",
    400,
    "The body cannot be read",
    "The body is not JSON, or not the form that `Content-Type` says.",
    "Correct the body; `detail` says where reading it stopped.",
)
INTERNAL = Failure(
    "internal",
    500,
    "Studio has a defect",
    "Something happened that nobody thought of. Nothing was saved.",
    "Tell who runs Studio the `request_id`; the log has the rest.",
)
_API = "/api/"
# What Django and its REST framework raise, and what is refused before a view is reached.
_FRAMEWORK = (
    NOT_AUTHENTICATED,
    PERMISSION_DENIED,
    UNSUPPORTED_MEDIA_TYPE,
    PARSE_ERROR,
    INTERNAL,
    Failure(
        "method_not_allowed",
        405,
        "This address does not accept that method",
        "The address exists, the method is not one of it.",
        "Use one of the methods in the header `Allow`.",
    ),
    Failure(
        "too_many_requests",
        429,
        "Too many calls",
        "You, or your address, have called more often within a minute than this server allows.",
        "Try again after `Retry-After` seconds; `RateLimit-Remaining` says how many are left.",
        anywhere=True,
    ),
    Failure(
        "database_busy",
        503,
        "The database took too long",
        "A statement or a lock took longer than is waited for. Nothing was saved.",
        "Try again after `Retry-After` seconds.",
        anywhere=True,
    ),
    Failure(
        "database_unavailable",
        503,
        "The database does not answer",
        "The database cannot be reached. Nothing was saved.",
        "Try again after `Retry-After` seconds; if it lasts, tell who runs Studio.",
        anywhere=True,
    ),
)
_TITLES = {
    each.code: each.title for each in (*_FRAMEWORK, Failure.of(Invalid), Failure.of(NotFound))
}


@cache
def known_failures() -> tuple[Failure, ...]:
    """Every failure that there is, once all apps are loaded; by code."""
    waiting, found = [DomainError], {*_FRAMEWORK}
    while waiting:
        subclasses = waiting.pop().__subclasses__()
        waiting += subclasses
        found |= {Failure.of(each) for each in subclasses}
    return tuple(sorted(found, key=lambda each: (each.code, each.status, each.title, each.when)))


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    title: str = "",
    **extras: Any,
) -> dict[str, Any]:
    request_id = request_ids.current()
    return {
        "type": "about:blank",
        "title": title or _TITLES.get(code, "The request cannot be carried out"),
        "status": status,
        "code": code,
        "detail": detail,
        **({"request_id": request_id} if request_id else {}),
        **extras,
    }


def problem_response(status: int, code: str, detail: str, **extras: Any) -> JsonResponse:
    """For plain Django views, which DRF's handler does not see."""
    return JsonResponse(
        problem(status, code, detail, **extras), status=status, content_type=CONTENT_TYPE
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Addresses that there are not: of the API as a problem, others as Django's page."""
    if not request.path.startswith(_API):
        return page_not_found(request, exception)
    return problem_response(404, NotFound.code, "There is no such address.")


def server_error(request: HttpRequest) -> HttpResponse:
    """A defect. What it was is in the log, by the id of the request."""
    if not request.path.startswith(_API):
        return django_server_error(request)
    return problem_response(500, INTERNAL.code, "Studio has a defect here. It was logged.")


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    body = _problem_of(error)
    if body is None:
        return None
    set_rollback()
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]  # set by DRF
    wait = getattr(error, "wait", None)
    if wait:
        headers["Retry-After"] = str(int(wait))
    return Response(body, status=body["status"], headers=headers, content_type=CONTENT_TYPE)


def _problem_of(error: Exception) -> dict[str, Any] | None:
    if isinstance(error, DomainError):
        extras = dict(error.extras)
        if error.errors:
            extras["errors"] = error.errors
        return problem(error.status, error.code, error.detail, title=error.title, **extras)
    if isinstance(error, Http404):
        return problem(404, "not_found", "There is nothing here, or you may not see it.")
    if isinstance(error, PermissionDenied):
        return problem(403, "permission_denied", str(error) or "Your roles do not allow this.")
    if isinstance(error, exceptions.ValidationError):
        errors = list(_field_problems("", error.detail))
        return problem(400, "invalid", errors[0]["message"] if errors else "", errors=errors)
    if isinstance(error, exceptions.APIException):
        code = "not_authenticated" if error.status_code == 401 else error.default_code
        extras = getattr(error, "extras", {})
        return problem(error.status_code, code, str(error.detail), **extras)
    return None


def _field_problems(path: str, detail: Any) -> Iterator[FieldProblem]:
    if isinstance(detail, dict):
        for key, value in detail.items():
            here = path if key == "non_field_errors" else f"{path}.{key}".lstrip(".")
            yield from _field_problems(here, value)
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            nested = isinstance(value, dict | list)
            yield from _field_problems(f"{path}[{index}]" if nested else path, value)
    else:
        yield {"field": path, "message": str(detail)}
