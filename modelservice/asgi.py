"""ASGI entry of the model service: REST for the backend, the chat bridge for browsers."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "modelservice.settings")

from django.core.asgi import get_asgi_application

_rest = get_asgi_application()

from modelservice import settings
from modelservice.bridge import rasa_clients
from modelservice.bridge.chat import chat
from modelservice.common import tracing
from modelservice.common.lifespan import live
from modelservice.common.metrics_address import MetricsAddress
from modelservice.common.request_ids import with_request_ids
from modelservice.gate import Refusal, refusal
from modelservice.resource_exhausted import on_resource_exhausted
from modelservice.service.operations import metrics_document
from modelservice.service.supervisor import supervisor

_metrics = MetricsAddress(
    "MODEL_SERVICE_METRICS_PORT", settings.METRICS_HOST, settings.METRICS_PORT, metrics_document
)
_rest_or_reason = tracing.traced(on_resource_exhausted(_rest))


async def _refuse(problem: Refusal, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
    body = json.dumps({"message": problem.message}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _start() -> None:
    tracing.start("studio-model-service")
    await _metrics.start()
    await supervisor.start()


async def _stop() -> None:
    await supervisor.stop()
    await _metrics.stop()
    await asyncio.to_thread(tracing.stop)


async def _routed(scope, receive, send):  # type: ignore[no-untyped-def]  # ASGI's own shapes
    if scope["path"] == rasa_clients.PATH:
        await rasa_clients.application(scope, receive, send)
    elif scope["type"] == "websocket":
        await chat(scope, receive, send)
    elif problem := refusal(scope["path"], scope["headers"]):
        await _refuse(problem, send)
    else:
        await _rest_or_reason(scope, receive, send)


_with_ids = with_request_ids(_routed)


async def application(scope, receive, send):  # type: ignore[no-untyped-def]  # ASGI's own shapes
    if scope["type"] == "lifespan":
        await live(receive, send, _start, _stop)
    else:
        await _with_ids(scope, receive, send)
