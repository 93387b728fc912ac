"""What a BI tool reads, with the account that was made for it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.ingestion.events import lines, turn
from tests.services.ingest_system import ROOT, server

NAME, PASSWORD = "bi_tool_of_a_test", "read all about it"
_AT = 1_790_000_000.0


class Analytics:
    def __init__(self, folder: Path) -> None:
        self.name = f"analytics_{os.getpid()}"
        self.dsn = f"host={server('DB_HOST')} port={server('DB_PORT')}"
        self._environment = {
            **os.environ,
            "DB_NAME": self.name,
            "STUDIO_DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "studio.settings.base",
            "KEYCLOAK_URL": "",
            "KAFKA_BROKER_ADDRESS": "",
        }

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self._environment,
            input=f"{PASSWORD}\n",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def owner(self, database: str) -> "psycopg.Connection[Any]":
        return psycopg.connect(
            f"{self.dsn} user={server('DB_USER')} dbname={database}", autocommit=True
        )

    def reader(self) -> "psycopg.Connection[Any]":
        return psycopg.connect(
            f"{self.dsn} user={NAME} password='{PASSWORD}' dbname={self.name}", autocommit=True
        )


@pytest.fixture
def analytics(tmp_path: Path) -> Iterator[Analytics]:
    made = Analytics(tmp_path)
    with made.owner("postgres") as database:
        database.execute(f"CREATE DATABASE {made.name}")
        made.manage("migrate", "-v0")
        yield made
        database.execute(f"DROP DATABASE {made.name} WITH (FORCE)")
        database.execute(f"DROP ROLE IF EXISTS {NAME}")


def test_the_account_reads_the_views_and_nothing_else(analytics: Analytics, tmp_path: Path) -> None:
    with analytics.owner(analytics.name) as database:
        database.execute(
            "INSERT INTO assistants_assistant (id, name, description, icon, language, "
            "additional_languages, configured_id, members_only, created_at, updated_at) "
            "VALUES (gen_random_uuid(), 'Shop', '', '', 'en', '[]', '', false, now(), now())"
        )
    handed = {"event": "flow_started", "flow_id": "pattern_human_handoff"}
    score = {"event": "slot", "name": "csat_score", "value": "satisfied"}
    base = {"sender_id": "anna", "metadata": {"assistant_id": "Shop", "model_id": "8f9e"}}
    events = turn("Shop", "anna", _AT)
    for event in events:
        event["input_channel"] = "rest"
    more = [
        {**base, "timestamp": _AT + 20 + each, **body} for each, body in enumerate([handed, score])
    ]
    (tmp_path / "events").mkdir(exist_ok=True)
    (tmp_path / "events" / "bot.jsonl").write_text(lines([*events, *more]))
    analytics.manage("ingest", "--once")
    for _ in range(2):
        assert (
            analytics.manage("analytics_reader", NAME) == f"{NAME} may read the schema analytics.\n"
        )

    with analytics.reader() as database:
        query = (
            'SELECT "assistantName", "totalNumberOfUserMessages", ingested, "reviewState", '
            '"csatRating", extract(epoch FROM "escalatedAt")::float FROM analytics."Conversation"'
        )
        row = database.execute(query).fetchone()
        assert row == ("Shop", 3, True, "UNREVIEWED", "SATISFIED", _AT + 20)
        query = (
            'SELECT type, "modelId", "slotValue" FROM analytics."ConversationEvent" '
            "ORDER BY timestamp DESC"
        )
        assert database.execute(query).fetchone() == ("SLOT", "8f9e", "satisfied")
        query = (
            'SELECT "totalSessions", "escalatedCount", "csatSatisfied" '
            'FROM analytics."VersionDailyStatistics"'
        )
        assert database.execute(query).fetchall() == [(1, 1, 1)]
        query = 'SELECT "totalSessions" FROM analytics."FlowDailyStatistics" WHERE "flowName" = %s'
        assert database.execute(query, ["transfer_money"]).fetchall() == [(1,)]
        for refused in (
            "SELECT * FROM conversations_event",
            "SELECT * FROM accounts_user",
            "SET default_transaction_read_only = off; CREATE TABLE mine (id integer)",
            'DELETE FROM analytics."Conversation"',
        ):
            with pytest.raises(psycopg.Error, match=r"permission denied|read-only|cannot delete"):
                database.execute(refused)
