"""What `/metrics` counts; what it looks up when it is asked is in `studio.operations`."""

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

# A request is known by the pattern of its address: addresses themselves have ids in them.
HTTP_REQUESTS = Counter("studio_http_requests", "Requests answered", ["route", "method", "status"])
HTTP_SECONDS = Histogram(
    "studio_http_request_seconds",
    "From the head of a request to the end of its answer",
    ["route", "method"],
    buckets=_SECONDS,
)
HTTP_OPEN = Gauge("studio_http_requests_open", "Requests that are being answered")
WEBSOCKETS = Gauge("studio_websockets", "WebSockets that are open", ["socket"])
WEBSOCKETS_CLOSED = Counter(
    "studio_websockets_closed", "WebSockets that this server closed", ["socket", "code"]
)
LIVE_MESSAGES = Counter("studio_live_messages", "Live messages sent to browsers", ["type"])
LIVE_SECONDS = Histogram(
    "studio_live_message_seconds",
    "From a change to its live message at one browser's socket",
    buckets=_SECONDS,
)
LIVE_LOST = Counter("studio_live_messages_lost", "Changes that no backend could be told of")
REDIS_FAILURES = Counter("studio_redis_failures", "Calls to Redis that failed", ["use"])
for _use in ("rates", "live"):
    REDIS_FAILURES.labels(_use)  # from 0 on: Prometheus sees no rise in what was not there before
MODEL_SERVICE_CALLS = Counter(
    "studio_model_service_calls", "Calls to the model service", ["call", "outcome"]
)
MODEL_SERVICE_SECONDS = Histogram(
    "studio_model_service_call_seconds",
    "From a call to the model service to its answer",
    ["call"],
    buckets=_SECONDS,
)
RATE_LIMITED = Counter(
    "studio_rate_limited", "Calls of the API refused as too many within a minute", ["caller"]
)
for _caller in ("user", "token", "address"):
    RATE_LIMITED.labels(_caller)
