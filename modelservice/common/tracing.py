"""Traces of OpenTelemetry, where OpenTelemetry's own variables ask for them; else nothing of it is
imported, and nothing is done here.

On with `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, unless
`OTEL_SDK_DISABLED` or `OTEL_TRACES_EXPORTER=none` say otherwise. The SDK reads the others.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from modelservice.common.environment import BadSetting

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span

Kind = Literal["SERVER", "CLIENT", "PRODUCER", "CONSUMER", "INTERNAL"]
Application = Callable[..., Awaitable[None]]
# What assistants trace by, too: not the headers, in which there may be a key.
FOR_CHILDREN = (
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_TRACES_EXPORTER",
    "OTEL_TRACES_SAMPLER",
    "OTEL_TRACES_SAMPLER_ARG",
    "OTEL_BSP_SCHEDULE_DELAY",
    "OTEL_SDK_DISABLED",
)
# Of a scope: the pattern of the address, once it is known.
ROUTE = "studio.route"
_LAST_SECONDS = 2.0
_provider: TracerProvider | None = None


def start(service: str) -> None:
    """Call it when the process begins to serve.

    :raises BadSetting: traces are asked for, and what makes them is not installed
    """
    global _provider  # noqa: PLW0603  one of a process
    if not _is_wanted():
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        message = f"OTEL_… asks for traces, which need open-studio[tracing]: {error}"
        raise BadSetting(message) from error
    resource = Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME") or service})
    _provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    _provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))


def stop() -> None:
    """Send what is still here; where nobody takes it, a process ends nevertheless."""
    if _provider is not None:
        last = threading.Thread(target=_provider.shutdown, daemon=True)
        last.start()
        last.join(_LAST_SECONDS)


def _is_wanted() -> bool:
    general = os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")
    endpoint = general or os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    is_disabled = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    exporter = os.environ.get("OTEL_TRACES_EXPORTER") or "otlp"
    return bool(endpoint) and not is_disabled and exporter == "otlp"


@contextmanager
def span(
    name: str, kind: Kind = "INTERNAL", parent: Any = None, **attributes: str
) -> Iterator[Span | None]:
    """`parent` are headers, or another map, that may hold `traceparent`; without one it is what is
    done here already."""
    if _provider is None:
        yield None
        return
    from opentelemetry.trace import SpanKind

    tracer = _provider.get_tracer("studio")
    with tracer.start_as_current_span(
        name, context=_context_of(parent), kind=SpanKind[kind], attributes=attributes
    ) as started:
        yield started


def _context_of(parent: Any) -> Any:
    if not isinstance(parent, Mapping) or not isinstance(parent.get("traceparent"), str):
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    names = ("traceparent", "tracestate")
    carrier = {name: parent[name] for name in names if isinstance(parent.get(name), str)}
    return TraceContextTextMapPropagator().extract(carrier)


def passed_on() -> dict[str, str]:
    """`traceparent` of what is done now, for headers of a request or for a message."""
    if _provider is None:
        return {}
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return carrier


def traced(application: Application) -> Application:
    """Around an ASGI application: a span for each HTTP request."""

    async def tracing(scope: Any, receive: Any, send: Any) -> None:
        if _provider is None or scope["type"] != "http":
            await application(scope, receive, send)
            return
        headers = {name.decode(): each.decode("latin-1") for name, each in scope["headers"]}
        method = str(scope["method"])
        with span(method, "SERVER", headers, **{"http.request.method": method}) as current:
            assert current is not None  # noqa: S101  traces are on

            async def noting(message: dict[str, Any]) -> None:
                if message["type"] == "http.response.start":
                    current.set_attribute("http.response.status_code", message["status"])
                await send(message)

            try:
                await application(scope, receive, noting)
            finally:
                if route := scope.get(ROUTE):
                    current.update_name(f"{method} {route}")
                    current.set_attribute("http.route", route)

    return tracing
