"""The connections to PostgreSQL that this process has; of SQLite there is no pool."""

from collections.abc import Iterator
from typing import Any

from django.db import connections
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector


class DatabasePool(Collector):
    def collect(self) -> Iterator[Metric]:
        pool: Any = getattr(connections["default"], "pool", None)
        stats = pool.get_stats() if pool is not None else {}
        size, free = stats.get("pool_size", 0), stats.get("pool_available", 0)
        connected = GaugeMetricFamily(
            "studio_database_connections", "Connections to PostgreSQL", labels=["state"]
        )
        connected.add_metric(["used"], size - free)
        connected.add_metric(["free"], free)
        yield connected
        yield GaugeMetricFamily(
            "studio_database_connections_max",
            "Connections that may be open; 0: there is no pool",
            value=stats.get("pool_max", 0),
        )
        yield GaugeMetricFamily(
            "studio_database_waiting",
            "Threads that wait for a connection",
            value=stats.get("requests_waiting", 0),
        )
        yield CounterMetricFamily(
            "studio_database_waited_seconds",
            "Time that threads have waited for a connection",
            value=stats.get("requests_wait_ms", 0) / 1000,
        )
        yield CounterMetricFamily(
            "studio_database_refused",
            "Threads that got no connection in time",
            value=stats.get("requests_errors", 0),
        )
        yield CounterMetricFamily(
            "studio_database_connection_failures",
            "Connections that could not be made, or were lost",
            value=stats.get("connections_errors", 0) + stats.get("connections_lost", 0),
        )
