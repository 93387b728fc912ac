"""Alive without the database; ready only with one that is reached and migrated."""

import asyncio
import json
from typing import Any

import pytest
from django.db import OperationalError, connections
from django.db.migrations.recorder import MigrationRecorder

from studio.common import health
from studio.operations import probes
from studio.operations.counts import count
from studio.operations.probes import answer_probe

Answer = tuple[int, dict[str, Any]]


async def asked(path: str) -> Answer:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "path": path, "method": "GET", "headers": []}
    await answer_probe(scope, send)
    return sent[0]["status"], json.loads(sent[1]["body"])


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "readiness", probes.Readiness())


@pytest.fixture
def unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("connection to 10.0.0.5 refused for user secret")

    monkeypatch.setattr(type(connections["default"]), "cursor", refuse)


@pytest.mark.django_db(transaction=True)
async def test_ready_with_a_database_also_while_other_parts_are_away() -> None:
    health.report("model service", "It does not answer.")
    try:
        status, body = await asked("/api/health/ready")
    finally:
        health.report("model service", None)
    assert (status, body["status"], body["problems"]) == (200, "ok", [])
    assert body["elsewhere"] == [{"part": "model service", "detail": "It does not answer."}]


@pytest.mark.django_db(transaction=True)
async def test_without_a_database_alive_and_not_ready(unreachable: None) -> None:
    assert await asked("/api/health/live") == (200, {"status": "ok"})
    status, body = await asked("/api/health/ready")
    assert (status, body["status"]) == (503, "not ready")
    [problem] = body["problems"]
    assert "does not answer" in problem
    assert "secret" not in problem, "strangers may ask"


@pytest.mark.django_db(transaction=True)
async def test_not_ready_before_it_is_migrated() -> None:
    def forget() -> Any:
        row = MigrationRecorder.Migration.objects.filter(app="versions").order_by("-id").first()
        assert row is not None
        row.delete()
        return row

    row = await asyncio.to_thread(forget)
    try:
        status, body = await asked("/api/health/ready")
    finally:
        await asyncio.to_thread(row.save, force_insert=True)
    assert status == 503
    assert "manage.py migrate" in body["problems"][0]
    probes.readiness._looked_at = 0.0
    assert (await asked("/api/health/ready"))[0] == 200


@pytest.mark.django_db(transaction=True)
async def test_many_probes_at_once_are_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[object] = []

    def look(each: object) -> None:
        looks.append(each)

    monkeypatch.setattr(probes.Readiness, "_problem_of_database", look)
    answers = await asyncio.gather(*(asked("/api/health/ready") for _ in range(50)))
    assert {status for status, _ in answers} == {200}
    assert len(looks) == 1


@pytest.mark.django_db
def test_what_there_is_takes_a_few_queries(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(7):
        count()


def test_a_count_that_fails_says_so(unreachable: None) -> None:
    from studio.operations import counts

    with pytest.raises(OperationalError):
        count()
    [sample] = next(iter(counts._DATABASE_ANSWERS.collect())).samples
    assert sample.value == 0
