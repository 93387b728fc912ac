"""Several backends count calls together, in a real Redis."""

import os
import subprocess
import sys
import uuid
from typing import Any

import pytest
from redis import Redis
from rest_framework.test import APIClient

from tests.running_studio import ROOT
from tests.services.ingest_system import server

_ANOTHER = """
import django
django.setup()
from rest_framework.test import APIClient
print(APIClient().get("/api/v1/me/", REMOTE_ADDR={address!r})["RateLimit-Remaining"])
"""


@pytest.fixture
def redis(settings: Any) -> str:
    url = server("REDIS_URL")
    rates = {"BACKEND": "studio.common.redis_rates.RatesInRedis", "LOCATION": url, "TIMEOUT": 120}
    settings.CACHES = {**settings.CACHES, "rates": rates}
    settings.RATE_LIMIT_OF_ADDRESS = 1000
    return url


def test_what_another_backend_answered_counts_here(redis: str) -> None:
    address = f"address-{uuid.uuid4()}"

    def here() -> int:
        answer = APIClient().get("/api/v1/me/", REMOTE_ADDR=address)
        assert answer.status_code == 401
        return int(answer["RateLimit-Remaining"])

    def elsewhere() -> int:
        done = subprocess.run(
            [sys.executable, "-c", _ANOTHER.format(address=address)],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "studio.settings.base",
                "KEYCLOAK_URL": "",
                "REDIS_URL": redis,
                "STUDIO_RATE_LIMIT_OF_ADDRESS": "1000",
                "ALLOWED_HOSTS": "testserver",
            },
            capture_output=True,
            text=True,
            check=True,
        )
        return int(done.stdout)

    seen = [here(), elsewhere(), elsewhere(), here()]
    # A minute may begin in between, and the count with it.
    assert seen == [999, 998, 997, 996] or 999 in seen[1:]


def test_counts_are_gone_after_their_minute(redis: str) -> None:
    address = f"address-{uuid.uuid4()}"
    APIClient().get("/api/v1/me/", REMOTE_ADDR=address)
    client: Any = Redis.from_url(redis)
    [key] = client.keys(f"*{address}*")
    assert 0 < client.ttl(key) <= 120
