"""`python -m tests.deploy.exposed_metrics PROCESS`: the metrics that a process registers, as JSON:
each name of a time series, with its labels.

Settings of backend and model service are two, so each is asked in a process of its own.
"""

import importlib
import json
import os
import sys
from typing import Any

from prometheus_client import CollectorRegistry

_PACKAGES = {"backend": "studio", "model-service": "modelservice"}
_SETTINGS = {"backend": "studio.settings.test", "model-service": "modelservice.settings"}
_SERIES: dict[str, dict[str, tuple[str, ...]]] = {
    "counter": {"_total": ()},
    "gauge": {"": ()},
    "info": {"_info": ()},
    "histogram": {"_bucket": ("le",), "_sum": (), "_count": ()},
}


def registry_of(process: str) -> CollectorRegistry:
    """As the process fills it when it starts."""
    if process == "event-ingestion":
        from ingestion.status import Status

        return Status().registry
    os.environ["DJANGO_SETTINGS_MODULE"] = _SETTINGS[process]
    import django

    django.setup()
    importlib.import_module(f"{_PACKAGES[process]}.asgi")
    from prometheus_client import REGISTRY

    return REGISTRY


def series(registry: CollectorRegistry) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    collectors: Any = (
        registry._collector_to_names
    )  # there is no other way to what has no values yet
    for collector in list(collectors):
        for family in collector.collect():
            labels = getattr(collector, "_labelnames", getattr(family, "_labelnames", ()))
            known = {each for sample in family.samples for each in sample.labels} - {"le"}
            for suffix, more in _SERIES[family.type].items():
                found[f"{family.name}{suffix}"] = sorted({*labels, *known, *more})
    return found


if __name__ == "__main__":
    told = series(registry_of(sys.argv[1]))
    sys.stdout.write(json.dumps(told))
    sys.stdout.flush()
    os._exit(0)  # what was imported may have threads
