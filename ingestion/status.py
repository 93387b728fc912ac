"""What operators see of a consumer: metrics for Prometheus, and a health document."""

import json
import time
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, make_wsgi_app

# Longer without a round of the loop, and it hangs.
_STUCK_SECONDS = 60.0
# So much longer, and a new start may help.
_DEAD_SECONDS = 600.0


class Status:
    """Written by the loop, read by the threads of the HTTP server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._events = Counter(
            "ingestion_events",
            "Events stored, with those that were there already.",
            registry=self.registry,
        )
        self._invalid = Counter(
            "ingestion_dead_letters", "Events that could not be stored.", registry=self.registry
        )
        self._seconds = Histogram(
            "ingestion_batch_seconds", "Time to store one batch.", registry=self.registry
        )
        self._lag = Gauge(
            "ingestion_lag", "Messages not read yet.", ["partition"], registry=self.registry
        )
        self._newest = Gauge(
            "ingestion_newest_event_seconds",
            "Time of the newest stored event.",
            registry=self.registry,
        )
        self._waiting = Gauge(
            "ingestion_waiting",
            "1 while a broker or database is waited for.",
            registry=self.registry,
        )
        self._problem: str | None = None
        self._alive_at = time.monotonic()
        self._newest_at = 0.0

    def wrote(self, *, events: int, invalid: int, seconds: float, newest: float) -> None:
        self._events.inc(events)
        self._invalid.inc(invalid)
        self._seconds.observe(seconds)
        if newest > self._newest_at:
            self._newest_at = newest
            self._newest.set(newest)

    def lag(self, by_partition: dict[int, int]) -> None:
        for partition, behind in by_partition.items():
            self._lag.labels(partition).set(behind)

    def is_well(self) -> None:
        self._problem = None
        self._waiting.set(0)
        self._alive_at = time.monotonic()

    def is_waiting_for(self, problem: str) -> None:
        self._problem = problem
        self._waiting.set(1)
        self._alive_at = time.monotonic()

    @property
    def is_alive(self) -> bool:
        """Also while a broker or database is waited for: a new process would wait as well."""
        return time.monotonic() - self._alive_at < _DEAD_SECONDS

    def document(self) -> dict[str, Any]:
        stuck = time.monotonic() - self._alive_at > _STUCK_SECONDS
        problem = "It has been busy with one batch for a minute." if stuck else self._problem
        age = round(max(0.0, time.time() - self._newest_at), 3) if self._newest_at else None
        return {
            "status": "waiting" if problem else "ok",
            "problem": problem,
            "newest_event_age_seconds": age,
        }


def serve(status: Status, host: str, port: int) -> WSGIServer:
    """For as long as it runs: `/metrics`, `/live` (503 when it hangs) and `/ready` (503 while
    something is waited for), which has the older name `/health`, too."""
    metrics = make_wsgi_app(status.registry)

    def application(
        environ: dict[str, Any], start: Callable[[str, list[tuple[str, str]]], Any]
    ) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path in {"/live", "/ready", "/health"}:
            document = status.document()
            is_good = status.is_alive if path == "/live" else not document["problem"]
            code = "200 OK" if is_good else "503 Service Unavailable"
            start(code, [("Content-Type", "application/json")])
            return [json.dumps(document).encode()]
        if path == "/metrics":
            answer: Iterable[bytes] = metrics(environ, start)
            return answer
        start("404 Not Found", [("Content-Type", "text/plain")])
        return [b"Here are /metrics, /live and /ready.\n"]

    return make_server(host, port, application, handler_class=_Quiet)


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Probes every few seconds are no news."""
