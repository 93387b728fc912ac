"""The one address. Whatever is wrong, the answer is JSON with a list `errors`, and its status 200.

The Rasa CLI judges most answers by that list alone, and an export by the status, too
(cli_graphql §3).
"""

import logging
from collections.abc import Iterator
from typing import Any

from cross_web import HTTPException
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from graphql import GraphQLError
from rest_framework.exceptions import APIException
from strawberry.django.views import GraphQLView
from strawberry.types import ExecutionResult

from studio.accounts.authentication import bearer_of
from studio.accounts.models import User
from studio.accounts.realm import IdentityUnavailable, InvalidToken
from studio.common.errors import DomainError
from studio.common.streaming import StreamedResponse
from studio.content.errors import PushRefused
from studio.graphql.context import Context
from studio.graphql.schema import schema

log = logging.getLogger(__name__)
_UNEXPECTED = "Something went wrong on our side. It is in the log of the backend."


class StudioGraphQLView(GraphQLView[Context, None]):
    http_method_names = ["get", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self._user = self._signed_in(request)
            return self.run(request=request)  # type: ignore[return-value]  # never a stream here
        except (InvalidToken, IdentityUnavailable) as error:
            return _answer(str(error), "not_authenticated")
        except HTTPException as error:
            return _answer(error.reason, "invalid")
        except RequestDataTooBig:
            return _answer("The request is too large.", "too_large")
        except (RecursionError, UnicodeDecodeError):
            return _answer("The body of the request cannot be read as JSON.", "invalid")
        except DatabaseError:
            log.exception("an operation failed")
            return _answer(_UNEXPECTED, "unavailable")

    def parse_json(self, data: str | bytes) -> Any:
        parsed = super().parse_json(data)
        if not isinstance(parsed, dict | list):
            raise HTTPException(400, "The body must be an object with a `query`.")
        return parsed

    def get_context(self, request: HttpRequest, response: HttpResponse) -> Context:
        self._context = Context(request, self._user)
        return self._context

    def create_response(self, response_data: Any, sub_response: HttpResponse) -> HttpResponseBase:
        events = self._context.events
        if events.is_empty:
            return super().create_response(response_data, sub_response)
        parts = events.filled(str(self.encode_json(response_data)))
        return StreamedResponse(parts, content_type="application/json")

    def process_result(self, request: HttpRequest, result: ExecutionResult) -> Any:
        body: dict[str, Any] = {"data": result.data}
        if result.errors:
            body["errors"] = [one for error in result.errors for one in _documents(error)]
        return body

    @staticmethod
    def _signed_in(request: HttpRequest) -> User:
        user = bearer_of(request)
        if user is None:
            raise InvalidToken("Sign in: send the access token as `Authorization: Bearer …`.")
        return user


def _answer(message: str, code: str) -> JsonResponse:
    error = {"message": message, "extensions": {"code": code}}
    return JsonResponse({"data": None, "errors": [error]})


def _documents(error: GraphQLError) -> Iterator[dict[str, Any]]:
    """One error of the list for each thing that is wrong: the CLI shows nothing but messages."""
    cause = error.original_error
    if cause is None or error.path is None:  # of the operation itself, before a field was begun
        yield {**error.formatted, "extensions": {"code": "invalid", **(error.extensions or {})}}
        return
    for message in _messages(cause):
        document = {"message": message, "extensions": {"code": _code(cause)}}
        yield {**document, "path": error.path} if error.path else document


def _messages(cause: Exception) -> list[str]:
    if isinstance(cause, PushRefused):
        decide = f"Decide here: {cause.extras['address']}"
        return [cause.detail, *cause.extras["sentences"], decide]
    if isinstance(cause, DomainError):
        return [_placed(problem) for problem in cause.errors] or [cause.detail]
    if isinstance(cause, APIException):
        return [str(cause.detail)]
    log.error("an operation failed", exc_info=cause)
    return [_UNEXPECTED]


def _placed(problem: Any) -> str:
    """`data/flows.yml, line 12, pay: …`; as far as the place is known."""
    parts = [problem.get("file"), problem.get("item") or problem.get("field")]
    if problem.get("line"):
        parts.insert(1, f"line {problem['line']}")
    where = ", ".join(str(part) for part in parts if part)
    return f"{where}: {problem['message']}" if where else str(problem["message"])


def _code(cause: Exception) -> str:
    if isinstance(cause, DomainError):
        return cause.code
    return str(cause.default_code) if isinstance(cause, APIException) else "internal"


graphql_view = csrf_exempt(
    StudioGraphQLView.as_view(schema=schema, graphql_ide=None, allow_queries_via_get=False)
)
