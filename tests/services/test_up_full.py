"""`make up-full`: Studio against servers that stay when it ends."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import psycopg
import pytest
from confluent_kafka import Producer

from deploy.services.catalogue import NAMES
from modelservice.service.ports import free_port
from tests.ingestion.events import turn
from tests.services.ingest_system import ROOT

_FROM_OUTSIDE = ("DB_", "KEYCLOAK_", "KAFKA_", "AWS_", "REDIS_", "BUCKET_", "RASA_")


@pytest.fixture
def variables() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="studio-services-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL has an account of its own
        made = {
            **{
                name: each
                for name, each in os.environ.items()
                if not name.startswith(_FROM_OUTSIDE)
            },
            "STUDIO_SERVICES_DIR": f"{folder}/services",
            "STUDIO_SERVICES_PORT": str(free_port(together=len(NAMES))),
            "STUDIO_DATA_DIR": f"{folder}/data",
            "STUDIO_PORT": str(free_port()),
            "DJANGO_SETTINGS_MODULE": "studio.settings.base",
        }
        yield made
        services(made, "down")


def services(variables: dict[str, str], word: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "deploy.services", word]
    return subprocess.run(
        command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False
    )


@pytest.mark.timeout(400)
def test_it_runs_on_the_real_servers_and_leaves_them(
    variables: dict[str, str], tmp_path: Path
) -> None:
    said = tmp_path / "said.txt"
    with said.open("w") as file:
        studio = subprocess.Popen(
            ["make", "up-full"],
            cwd=ROOT,
            env=variables,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        wait_for(lambda: "Studio is ready" in said.read_text() or studio.poll() is not None, 300)
        assert studio.poll() is None, said.read_text()
        first = int(variables["STUDIO_SERVICES_PORT"])
        keycloak = f"http://127.0.0.1:{first + 4}/auth"
        assert f"Sign in at        {keycloak}/realms/rasa-studio" in said.read_text()
        origin = f"http://127.0.0.1:{variables['STUDIO_PORT']}"
        assert keycloak in httpx2.get(f"{origin}/config.js").text
        dsn = f"host=127.0.0.1 port={first} user=studio dbname=studio"
        with psycopg.connect(dsn, autocommit=True) as database:
            database.execute(
                "INSERT INTO assistants_assistant (id, name, description, icon, language, "
                "additional_languages, configured_id, members_only, created_at, updated_at) "
                "VALUES (gen_random_uuid(), 'Shop', '', '', 'en', '[]', '', false, now(), now())"
            )
            kafka = Producer({"bootstrap.servers": f"127.0.0.1:{first + 3}"})
            for event in turn("Shop"):
                kafka.produce("rasa-events", json.dumps(event).encode(), b"anna")
            assert kafka.flush(30) == 0
            count = "SELECT count(*) FROM conversations_event"
            wait_for(lambda: database.execute(count).fetchone() == (13,), 30)
    finally:
        if studio.poll() is None:
            os.killpg(studio.pid, signal.SIGINT)  # Ctrl-C reaches the whole group
        studio.wait(60)
    assert services(variables, "status").returncode == 0, "a server has ended with Studio"


def wait_for(check: Callable[[], object], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < until, f"not within {seconds} s"
        time.sleep(0.1)
