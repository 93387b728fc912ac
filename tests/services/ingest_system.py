"""A whole ingestion of its own: a database, two topics, consumers as processes, on real servers.

`python -m deploy.services run postgres,kafka …` says by variables where the servers are.
"""

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import psycopg
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

ROOT = Path(__file__).resolve().parent.parent.parent
ASSISTANT = "shop"


def server(name: str) -> str:
    """Where a server is; a test without it fails, it is never skipped."""
    value = os.environ.get(name)
    assert value, f"{name} is not set: run this by `make test-services`"
    return value


class IngestSystem:
    def __init__(self, folder: Path, *, partitions: int = 2, **variables: str) -> None:
        self.name = f"s{uuid.uuid4().hex[:10]}"
        self.topic, self.dead_topic = f"{self.name}-events", f"{self.name}-dlq"
        self.brokers = server("KAFKA_BROKER_ADDRESS")
        self._dsn = f"host={server('DB_HOST')} port={server('DB_PORT')} user={server('DB_USER')}"
        self._folder = folder
        self._variables = variables
        self._processes: list[subprocess.Popen[bytes]] = []
        self.log = folder / f"{self.name}.log"
        with psycopg.connect(f"{self._dsn} dbname=postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {self.name}")
        self.manage("migrate", "-v0")
        topics = [NewTopic(self.topic, partitions, 1), NewTopic(self.dead_topic, 1, 1)]
        admin = AdminClient({"bootstrap.servers": self.brokers})
        for made in admin.create_topics(topics).values():
            made.result(30)

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DB_NAME": self.name,
            "KAFKA_TOPIC": self.topic,
            "KAFKA_DLQ_TOPIC": self.dead_topic,
            "KAFKA_GROUP_ID": self.name,
            "KAFKA_SESSION_TIMEOUT_MS": "6000",
            "STUDIO_DATA_DIR": str(self._folder / self.name),
            "DJANGO_SETTINGS_MODULE": "studio.settings.base",
            "STUDIO_IDENTITY": "local",
            "KEYCLOAK_URL": "",
            **self._variables,
        }

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def add_assistant(self, name: str = ASSISTANT) -> None:
        self.execute(
            "INSERT INTO assistants_assistant (id, name, description, icon, language, "
            "additional_languages, configured_id, members_only, created_at, updated_at) "
            "VALUES (gen_random_uuid(), %s, '', '', 'en', '[]', '', false, now(), now())",
            name,
        )

    def connect(self) -> "psycopg.Connection[Any]":
        return psycopg.connect(f"{self._dsn} dbname={self.name}", autocommit=True)

    def execute(self, statement: str, *values: Any) -> None:
        with self.connect() as connection:
            connection.execute(statement, values)

    def value(self, statement: str, *values: Any) -> Any:
        """The first column of the first row."""
        with self.connect() as connection:
            row = connection.execute(statement, values).fetchone()
        return None if row is None else row[0]

    def count(self, table: str = "conversations_event") -> int:
        return int(self.value(f"SELECT count(*) FROM {table}"))  # noqa: S608  our own names

    def producer(self, **settings: Any) -> Producer:
        return Producer({"bootstrap.servers": self.brokers, "linger.ms": 5, **settings})

    def produce(self, events: Iterable[dict[str, Any] | bytes], *, partition: int = -1) -> None:
        producer = self.producer()
        for event in events:
            raw = event if isinstance(event, bytes) else json.dumps(event).encode()
            key = event["sender_id"].encode() if isinstance(event, dict) else None
            while True:
                try:
                    producer.produce(self.topic, raw, key, partition=partition)
                    break
                except BufferError:
                    producer.poll(0.1)
            producer.poll(0)
        assert producer.flush(60) == 0

    def dead_messages(self, count: int) -> list[Any]:
        consumer = Consumer(
            {
                "bootstrap.servers": self.brokers,
                "group.id": uuid.uuid4().hex,
                "auto.offset.reset": "earliest",
            }
        )
        consumer.subscribe([self.dead_topic])
        found: list[Any] = []
        until = time.monotonic() + 30
        while len(found) < count and time.monotonic() < until:
            found += consumer.consume(100, 1.0)
        consumer.close()
        return found

    def start(self) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "ingest"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        self._processes.append(process)
        return process

    def stop(self) -> None:
        for process in self._processes:
            if process.poll() is None:
                process.terminate()
        for process in self._processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._processes = []

    def wait_for(self, check: Callable[[], Any], seconds: float = 60) -> Any:
        until = time.monotonic() + seconds
        while not (found := check()):
            if time.monotonic() > until:
                said = self.log.read_text()[-3000:] if self.log.exists() else ""
                raise AssertionError(f"not within {seconds} s; the consumers said:\n{said}")
            time.sleep(0.05)
        return found
