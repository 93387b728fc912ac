"""Which services there are, in the order in which they start, and a set of them for a while."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from deploy.services.kafka import Kafka
from deploy.services.keycloak import Keycloak
from deploy.services.postgres import Postgres
from deploy.services.redis import Redis
from deploy.services.s3 import S3
from deploy.services.service import HOST, Service
from modelservice.service.ports import free_port

NAMES = ("postgres", "redis", "s3", "kafka", "keycloak")
Kind = TypeVar("Kind", bound=Service)


def build(
    names: tuple[str, ...], directory: Path, ports: list[int], *, durable: bool
) -> list[Service]:
    """In the order in which they start: Keycloak's data is in PostgreSQL."""
    port = dict(zip(NAMES, ports, strict=True))
    made: list[Service] = []
    if "postgres" in names or "keycloak" in names:
        made.append(Postgres(directory / "postgres", port["postgres"], durable=durable))
    if "redis" in names:
        made.append(Redis(directory / "redis", port["redis"]))
    if "s3" in names:
        made.append(S3(directory / "s3", port["s3"]))
    if "kafka" in names:
        made.append(Kafka(directory / "kafka", port["kafka"]))
    if "keycloak" in names:
        database = f"{HOST}:{port['postgres']}/keycloak"
        made.append(Keycloak(directory / "keycloak", port["keycloak"], database=database))
    return made


def variables_of(services: list[Service]) -> dict[str, str]:
    return {name: value for service in services for name, value in service.variables.items()}


def the(kind: type[Kind], services: list[Service]) -> Kind:
    """The one of a kind, for those who stop, pause or kill it."""
    return next(service for service in services if isinstance(service, kind))


@contextmanager
def throwaway(names: tuple[str, ...], *, durable: bool = False) -> Iterator[list[Service]]:
    """Services of one's own, on free ports, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="studio-services-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL has an account of its own
        first = free_port(together=len(NAMES))
        ports = list(range(first, first + len(NAMES)))
        services = build(names, Path(folder), ports, durable=durable)
        try:
            for service in services:
                service.start()
            yield services
        finally:
            for service in reversed(services):
                service.stop()
