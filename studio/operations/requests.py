"""Counts requests and sockets at the door of the application, so that waiting for a thread is part
of a request's time."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin

from modelservice.common.tracing import ROUTE
from studio.common.metrics import (
    HTTP_OPEN,
    HTTP_REQUESTS,
    HTTP_SECONDS,
    WEBSOCKETS,
    WEBSOCKETS_CLOSED,
)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

# Files of the web client, and what no view has seen.
_NO_ROUTE = "(none)"
# Anybody may make words up.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# The browser left before there was an answer; nginx's number for it.
_LEFT = 499
_SOCKETS = {"/api/ws/": "live", "/talk/": "chat"}


class RouteMiddleware(MiddlewareMixin):
    """Tells the pattern of the address that Django has found the view by."""

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        scope: Scope | None = getattr(request, "scope", None)
        if scope is not None and request.resolver_match is not None:
            scope[ROUTE] = request.resolver_match.route


def counted(application: Application) -> Application:
    async def counting(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await _http(application, scope, receive, send)
        else:
            await _websocket(application, scope, receive, send)

    return counting


async def _http(application: Application, scope: Scope, receive: Receive, send: Send) -> None:
    began, status = time.perf_counter(), _LEFT

    async def noting(message: dict[str, Any]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        await send(message)

    HTTP_OPEN.inc()
    try:
        await application(scope, receive, noting)
    except Exception:
        status = 500
        raise
    finally:
        HTTP_OPEN.dec()
        route = scope.get(ROUTE, _NO_ROUTE)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        HTTP_REQUESTS.labels(route, method, status).inc()
        HTTP_SECONDS.labels(route, method).observe(time.perf_counter() - began)


async def _websocket(application: Application, scope: Scope, receive: Receive, send: Send) -> None:
    path = scope["path"]
    socket = next((name for start, name in _SOCKETS.items() if path.startswith(start)), "other")

    async def noting(message: dict[str, Any]) -> None:
        if message["type"] == "websocket.close":
            WEBSOCKETS_CLOSED.labels(socket, message.get("code", 1000)).inc()
        await send(message)

    with WEBSOCKETS.labels(socket).track_inprogress():
        await application(scope, receive, noting)
