"""Failures as `application/problem+json` (RFC 9457)."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from studio.common.errors import DomainError, FieldProblem

CONTENT_TYPE = "application/problem+json"

_TITLES = {
    "not_authenticated": "Please sign in",
    "permission_denied": "Your roles do not allow this",
    "not_found": "Not found",
    "invalid": "Something in the request is not right",
    "method_not_allowed": "This address does not accept that method",
}


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    title: str = "",
    **extras: Any,
) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": title or _TITLES.get(code, "The request cannot be carried out"),
        "status": status,
        "code": code,
        "detail": detail,
        **extras,
    }


def problem_response(status: int, code: str, detail: str, **extras: Any) -> JsonResponse:
    """For plain Django views, which DRF's handler does not see."""
    return JsonResponse(
        problem(status, code, detail, **extras), status=status, content_type=CONTENT_TYPE
    )


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
