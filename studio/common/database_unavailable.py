"""Answers 503, naming the database, to requests that need it while it does not answer."""

import logging

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from studio.common.problems import problem_response

log = logging.getLogger(__name__)
_TOO_LONG = frozenset({"57014", "55P03"})  # statement time-out, lock time-out


class DatabaseUnavailableMiddleware(MiddlewareMixin):
    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        log.error("%s %s: %s", request.method, request.path, sentence_of(error))
        code = "database_busy" if _is_busy(error) else "database_unavailable"
        answer = problem_response(503, code, sentence_of(error, with_cause=False))
        answer["Retry-After"] = "2"
        return answer


def sentence_of(error: DatabaseError | InterfaceError, *, with_cause: bool = True) -> str:
    """For people. The cause, which names accounts, is for those who run Studio."""
    state = "took too long" if _is_busy(error) else "does not answer"
    cause = f": {str(error).strip()}" if with_cause else ". Try again in a moment."
    return f"The database {_name()} {state}{cause}"


def _is_busy(error: BaseException) -> bool:
    return getattr(error.__cause__, "sqlstate", None) in _TOO_LONG or "is locked" in str(error)


def _name() -> str:
    settings = connection.settings_dict
    place = f" at {settings['HOST']}:{settings['PORT']}" if settings["HOST"] else ""
    return f"“{str(settings['NAME']).rsplit('/', maxsplit=1)[-1]}”{place}"
