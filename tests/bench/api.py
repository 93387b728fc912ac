"""Group `api`: lists and pages of conversations on a full PostgreSQL, over HTTP.

`BENCH_CONVERSATIONS` says how many (200,000, with ten events each); the plans of the queries are in
`bench-plans.txt`.
"""

import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import psycopg

from deploy.services.catalogue import the, throwaway
from deploy.services.postgres import Postgres
from tests.bench.figures import Figure, percentile
from tests.running_studio import ROOT, RunningStudio

CONVERSATIONS = int(os.environ.get("BENCH_CONVERSATIONS") or 200_000)
PLANS = ROOT / "bench-plans.txt"
EVENTS_EACH = 10
_DETAILS = 200
_DATA = Path(__file__).with_name("api_data.sql")
# Of each filter: nothing, something frequent, something rare.
_CHOICES: dict[str, tuple[str, ...]] = {
    "channel": ("", "rest", "voice"),
    "test": ("", "false", "true"),
    "flow": ("", "flow_1", "flow_90"),
    "reviewed": ("", "false", "true"),
    "tag": ("", "complaint", "rare"),
    "search": ("", "invoice", "zebra-77", "said by nobody"),
    "after": ("", "2026-06-01T00:00:00Z"),
}


def measure() -> list[Figure]:
    with throwaway(("postgres",)) as services, tempfile.TemporaryDirectory() as folder:
        postgres = the(Postgres, services)
        with _studio(Path(folder), postgres) as studio, studio.api() as api:
            assistant = _fill(postgres, studio)
            lists = [_seconds(api, "conversations/", query) for query in _queries(assistant)]
            summaries = [
                _seconds(api, "conversations/summary/", query) for query in _some(assistant, 60)
            ]
            details = list(_details(api, assistant))
            reference = _reference(postgres, assistant)
        _write_plans(postgres, assistant, Path(folder))
    size = f"{CONVERSATIONS:,} conversations, {CONVERSATIONS * EVENTS_EACH:,} events"
    asked = f"{len(lists)} combinations; newest 50 by plain SQL {reference:.1f} ms; {size}"
    return [
        Figure("api", "list, any filters, p95", percentile(lists, 0.95) * 1000, "ms", asked, 100),
        Figure("api", "list, slowest", max(lists) * 1000, "ms", asked, 1000),
        Figure("api", "summary, p95", percentile(summaries, 0.95) * 1000, "ms", asked, 100),
        Figure(
            "api",
            "conversation or its events, p95",
            percentile(details, 0.95) * 1000,
            "ms",
            asked,
            50,
        ),
    ]


@contextmanager
def _studio(folder: Path, postgres: Postgres) -> Iterator[RunningStudio]:
    os.environ.update(postgres.variables)
    try:
        with RunningStudio(folder / "data") as studio:
            yield studio
    finally:
        for name in postgres.variables:
            os.environ.pop(name, None)


def _fill(postgres: Postgres, studio: RunningStudio) -> str:
    """By SQL, inside the database; the id of the assistant."""
    with studio.api() as api:
        made: str = api.post("assistants/", json={"name": "Shop"}).json()["id"]
    started = time.perf_counter()
    with psycopg.connect(postgres.dsn(), autocommit=True) as database:
        values = {"assistant": made, "count": CONVERSATIONS, "each": EVENTS_EACH}
        for statement in _DATA.read_text(encoding="utf-8").split(";\n\n"):
            database.execute(statement, values)
    print(f"filled in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return made


def _queries(assistant: str) -> Iterator[dict[str, str]]:
    """All pairs of filters, then combinations of more, always the same ones."""
    for one, other in itertools.combinations(_CHOICES, 2):
        for values in itertools.product(_CHOICES[one], _CHOICES[other]):
            yield {"assistant": assistant, **dict(zip((one, other), values, strict=True))}
    yield from _some(assistant, 150)


def _some(assistant: str, count: int) -> Iterator[dict[str, str]]:
    chance = random.Random(5)
    for _ in range(count):
        chosen = {name: chance.choice(values) for name, values in _CHOICES.items()}
        yield {"assistant": assistant, **chosen}


def _seconds(api: httpx2.Client, path: str, query: dict[str, str]) -> float:
    started = time.perf_counter()
    answer = api.get(path, params={name: each for name, each in query.items() if each})
    seconds = time.perf_counter() - started
    answer.raise_for_status()
    if seconds > 0.1:
        print(f"{seconds * 1000:.0f} ms {path} {query}", file=sys.stderr)
    return seconds


def _details(api: httpx2.Client, assistant: str) -> Iterator[float]:
    rows = api.get("conversations/", params={"assistant": assistant, "page_size": _DETAILS})
    for row in rows.json()["results"]:
        one = f"conversations/{row['id']}/"
        yield _seconds(api, one, {})
        yield _seconds(api, f"{one}events/", {"quiet": "true"})


def _reference(postgres: Postgres, assistant: str) -> float:
    """The same 50 rows by one plain statement, in milliseconds."""
    statement = (
        "SELECT * FROM conversations_conversation WHERE assistant_id = %s "
        "ORDER BY last_event_at DESC, id DESC LIMIT 51"
    )
    with psycopg.connect(postgres.dsn()) as database:
        return percentile([_timed(database, statement, assistant) for _ in range(50)], 0.95)


def _timed(database: "psycopg.Connection[Any]", statement: str, assistant: str) -> float:
    started = time.perf_counter()
    database.execute(statement, [assistant]).fetchall()
    return (time.perf_counter() - started) * 1000


_EXPLAIN = """
import json, sys, django
django.setup()
from django.db import connection
from django.test.utils import CaptureQueriesContext
from studio.accounts.models import User
from studio.conversations.selectors import conversations as selectors
user = User.objects.filter(username="admin").first()
for filters in json.load(sys.stdin):
    print("###", {name: value for name, value in filters.items() if value})
    with CaptureQueriesContext(connection) as asked:
        list(selectors.conversations(user, filters)[:51])
        selectors.summary_document(user, filters)
    for query in asked.captured_queries:
        sql = query["sql"]
        print("--", query["time"], "s:", sql[:2000])
        if sql.startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + sql.replace("%", "%%"), [])
                print("\\n".join(row[0] for row in cursor.fetchall()), "\\n")
"""


def _write_plans(postgres: Postgres, assistant: str, folder: Path) -> None:
    """Of one query with each value of each filter."""
    singles = [
        {"assistant": assistant, name: value}
        for name, values in _CHOICES.items()
        for value in values
    ]
    done = subprocess.run(
        [sys.executable, "-c", _EXPLAIN],
        cwd=ROOT,
        env={
            **os.environ,
            **postgres.variables,
            "STUDIO_DATA_DIR": str(folder / "plans"),
            "DJANGO_SETTINGS_MODULE": "studio.settings.base",
        },
        input=json.dumps(singles),
        capture_output=True,
        text=True,
        check=False,
    )
    PLANS.write_text(done.stdout + done.stderr, encoding="utf-8")
