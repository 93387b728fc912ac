"""Group `ingest`: from Kafka into PostgreSQL, beside COPY of the same rows and beside the ORM."""

import io
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

import psutil

from deploy.services.catalogue import throwaway, variables_of
from tests.bench.figures import Figure, percentile
from tests.running_studio import ROOT, RunningStudio
from tests.services.ingest_system import ASSISTANT, IngestSystem

EVENTS = int(os.environ.get("BENCH_EVENTS", "200000"))
SENDERS_AT_ONCE = 500
ORM_EVENTS = 2000
RATE = 1000
RATE_SECONDS = 20
MOST_MEGABYTES = 200
LONGEST_SECONDS = 30


def measure() -> list[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="studio-bench-"))
    with throwaway(("postgres", "kafka"), durable=True) as services, _variables(services):
        return [*_throughput(folder), *_two_consumers(folder), *_latency(folder)]


@contextmanager
def _variables(services: Any) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(variables_of(services))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _throughput(folder: Path) -> list[Figure]:
    system = _system(folder, partitions=1)
    rate, resident = _drain(system, ["[0]"])
    copied = _copy_rate(system)
    orm = _orm_rate(system)
    return [
        Figure(
            "ingest",
            "events/s of one consumer to raw COPY",
            rate / copied,
            "times",
            f"{rate:.0f} events/s; COPY of the same rows {copied:.0f}",
            0.5,
            at_least=True,
        ),
        Figure(
            "ingest",
            "events/s of one consumer to the ORM",
            rate / orm,
            "times",
            f"ORM, a row at a time {orm:.0f} events/s",
            5,
            at_least=True,
        ),
        Figure(
            "ingest",
            f"resident after a backlog of {EVENTS:,}",
            resident,
            "MB",
            f"`manage.py check` {_bare_megabytes():.0f} MB",
            MOST_MEGABYTES,
        ),
    ]


def _two_consumers(folder: Path) -> list[Figure]:
    rates = []
    for shares in (["[0, 1]"], ["[0]", "[1]"]):
        rates.append(_drain(_system(folder, partitions=2), shares)[0])
    return [
        Figure(
            "ingest",
            "events/s of two consumers to one",
            rates[1] / rates[0],
            "times",
            f"one {rates[0]:.0f} events/s; {os.cpu_count()} cores, shared with the servers",
            1.6,
            at_least=True,
        )
    ]


def _system(folder: Path, *, partitions: int) -> IngestSystem:
    # Those that are held are not to lose their partitions.
    system = IngestSystem(folder, partitions=partitions, KAFKA_SESSION_TIMEOUT_MS="120000")
    system.add_assistant()
    return system


def _drain(system: IngestSystem, shares: list[str]) -> tuple[float, float]:
    """Events a second between the first and the last commit, and the most megabytes of one.

    One consumer for each share of the partitions. They are held until all events are there: what
    is measured is neither their start nor how they come to share.
    """
    processes = [psutil.Process(system.start().pid) for _ in shares]
    system.wait_for(
        lambda: all(f"reads partitions {share} now" in _log(system) for share in shares)
    )
    for process in processes:
        process.suspend()
    system.produce(conversations(EVENTS))
    for process in processes:
        process.resume()
    done = 'SELECT coalesce(sum("offset"), 0) FROM conversations_eventsource'
    resident = 0.0
    with system.connect() as connection:

        def read() -> int:
            row = connection.execute(done).fetchone()
            return int(row[0]) if row else 0

        while (first := read()) == 0:
            time.sleep(0.005)
        began = time.perf_counter()
        while (now := read()) < EVENTS:
            if not any(each.is_running() for each in processes):
                raise RuntimeError(system.log.read_text()[-3000:])
            resident = max(resident, *(each.memory_info().rss for each in processes))
            time.sleep(0.02)
        seconds = time.perf_counter() - began
    system.stop()
    assert system.count() == now
    return (now - first) / seconds, resident / 1_000_000


def _log(system: IngestSystem) -> str:
    return system.log.read_text(encoding="utf-8")


def _copy_rate(system: IngestSystem) -> float:
    """The same rows into the same table with the same indexes, by one COPY."""
    columns = (
        "conversation_id, type, at, text, name, value, flow_id, step_id, data, fingerprint, "
        "source_id, source_offset"
    )
    rows = io.BytesIO()
    with system.connect() as connection:
        with connection.cursor().copy(
            f"COPY (SELECT {columns} FROM conversations_event ORDER BY id) TO STDOUT"  # noqa: S608
        ) as copy:
            for part in copy:
                rows.write(part)
        connection.execute("TRUNCATE conversations_event")
        rows.seek(0)
        began = time.perf_counter()
        with connection.cursor().copy(f"COPY conversations_event ({columns}) FROM STDIN") as copy:
            while part := rows.read(1 << 16):
                copy.write(part)
        return EVENTS / (time.perf_counter() - began)


_ORM = """
import json, sys, time
import django
django.setup()
from datetime import UTC, datetime
from django.db import transaction
from studio.assistants.models import Assistant
from studio.conversations.models import Conversation, Event, EventSource
assistant = Assistant.objects.get()
source, _ = EventSource.objects.get_or_create(name="orm", identity="orm")
lines = sys.stdin.read().splitlines()
began = time.perf_counter()
for number, line in enumerate(lines):
    body = json.loads(line)
    at = datetime.fromtimestamp(body["timestamp"], UTC)
    with transaction.atomic():
        conversation, _ = Conversation.objects.get_or_create(
            assistant=assistant, sender_id=body["sender_id"],
            defaults={"started_at": at, "last_event_at": at})
        Event.objects.create(
            conversation=conversation, type=body["event"], at=at, text=body.get("text"),
            name=body.get("name"), value=body.get("value"), data=body, source=source,
            source_offset=number)
        conversation.event_count += 1
        conversation.last_event_at = max(conversation.last_event_at, at)
        conversation.save()
        source.offset = number + 1
        source.save()
print(len(lines) / (time.perf_counter() - began))
"""


def _orm_rate(system: IngestSystem) -> float:
    lines = "\n".join(json.dumps(event) for event in conversations(ORM_EVENTS, seed=2))
    done = subprocess.run(
        [sys.executable, "-c", _ORM],
        cwd=ROOT,
        env={**system.environment, "PYTHONPATH": str(ROOT)},
        input=lines,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def _bare_megabytes() -> float:
    code = (
        "import django, psutil; django.setup(); from django.core.management import call_command; "
        "call_command('check'); print(psutil.Process().memory_info().rss / 1_000_000)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "studio.settings.base"},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.splitlines()[-1])


def _latency(folder: Path) -> list[Figure]:
    """A conversation of its own in a stream of 1,000 events a second, asked for by REST."""
    system = IngestSystem(folder, partitions=2)
    with _as_configured(system), RunningStudio(folder / "studio") as studio, studio.api() as api:
        made = api.post("assistants/", json={"name": ASSISTANT}).json()
        system.produce(conversations(RATE))
        seconds = [_seen(system, api, str(made["id"]), number) for number in range(RATE_SECONDS)]
        empty = [_get_seconds(api) for _ in range(50)]
    return [
        Figure(
            "ingest",
            f"produced to visible by REST at {RATE:,} events/s, p95",
            percentile(seconds, 0.95) * 1000,
            "ms",
            f"GET me/ {percentile(empty, 0.5) * 1000:.0f} ms",
            500,
        )
    ]


@contextmanager
def _as_configured(system: IngestSystem) -> Iterator[None]:
    before = dict(os.environ)
    names = ("DB_NAME", "KAFKA_TOPIC", "KAFKA_DLQ_TOPIC", "KAFKA_GROUP_ID")
    os.environ.update({name: system.environment[name] for name in names})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _seen(system: IngestSystem, api: Any, assistant: str, number: int) -> float:
    """Seconds until one marked conversation shows, among `RATE` events of a second."""
    sender = f"marked-{number}"
    mine = {**next(conversations(1, seed=number)), "sender_id": sender}
    producer = system.producer()
    others = list(conversations(RATE, seed=1000 + number, prefix=f"other-{number}"))
    began = time.perf_counter()
    seen = produced_at = 0.0
    for place, event in enumerate(others):
        producer.produce(system.topic, json.dumps(event).encode(), event["sender_id"].encode())
        if place == RATE // 2:
            producer.produce(system.topic, json.dumps(mine).encode(), sender.encode())
            produced_at = time.perf_counter()
        producer.poll(0)
        if produced_at and not seen and place % 20 == 0 and _shows(api, assistant, sender):
            seen = time.perf_counter()
        time.sleep(max(0.0, began + place / RATE - time.perf_counter()))
    producer.flush(10)
    while not seen:
        if time.perf_counter() - produced_at > LONGEST_SECONDS:
            message = f"an event is not visible after {LONGEST_SECONDS} s: {system.topic}"
            raise TimeoutError(message)
        if _shows(api, assistant, sender):
            seen = time.perf_counter()
    return seen - produced_at


def _shows(api: Any, assistant: str, sender: str) -> bool:
    answer = api.get("conversations/", params={"assistant": assistant, "search": sender})
    return bool(answer.json()["results"])


def _get_seconds(api: Any) -> float:
    began = time.perf_counter()
    api.get("me/")
    return time.perf_counter() - began


def conversations(count: int, *, seed: int = 1, prefix: str = "sender") -> Iterator[dict[str, Any]]:
    """Events of live conversations as Rasa 3.21 publishes them, about 500 bytes each: some hundred
    people talk at once, each for a few turns."""
    chance = random.Random(seed)
    at = time.time() - 86_400
    active: list[Iterator[dict[str, Any]]] = []
    started = made = 0
    while made < count:
        while len(active) < SENDERS_AT_ONCE:
            active.append(_one(f"{prefix}-{seed}-{started}", chance.randint(2, 6)))
            started += 1
        talking = chance.choice(active)
        for event in talking:
            at += 0.0004
            yield {**event, "timestamp": at}
            made += 1
            if made >= count or event["event"] == "bot_turn_ended":
                break
        else:
            active.remove(talking)


def _one(sender: str, turns: int) -> Iterator[dict[str, Any]]:
    metadata = {
        "model_id": "0b6d0f6e5d0a4c6e9f5d4f2c8a1b7e33",
        "assistant_id": ASSISTANT,
        "model_name": "20261122-073412-cyan-basalt.tar.gz",
        "session_id": f"3f0c1f7e-{sender}",
        "default_language": "en",
        "rasa_environment": "production",
    }
    flow = {**metadata, "active_flow": "transfer_money", "step_id": "ask_amount"}

    def event(kind: str, meta: dict[str, Any] = metadata, **fields: Any) -> dict[str, Any]:
        return {"sender_id": sender, "user_id": None, "event": kind, "metadata": meta, **fields}

    action: dict[str, Any] = {
        "policy": "FlowPolicy",
        "confidence": 1.0,
        "action_text": None,
        "hide_rule_turn": False,
    }
    yield event("action", name="action_session_start", **action)
    yield event("session_started")
    yield event("action", name="action_listen", **action)
    for turn in range(turns):
        text = f"I would like to send {turn + 10} euros to my sister, please"
        parsed = {
            "intent": {"name": None, "confidence": 0.0},
            "entities": [],
            "text": text,
            "message_id": f"m{turn}",
            "metadata": {},
            "commands": [{"command": "start flow", "flow": "transfer_money"}],
        }
        yield event(
            "user", text=text, parse_data=parsed, input_channel="rest", message_id=f"m{turn}"
        )
        patch = [{"op": "add", "path": "/0", "value": {"frame_id": "A1B2C3D4", "flow_id": "t"}}]
        yield event("stack", flow, update=json.dumps(patch))
        yield event("flow_started", flow, flow_id="transfer_money")
        yield event("slot", flow, name="amount", value=turn + 10, filled_by="LLM")
        yield event("action", flow, name="utter_ask_recipient", **action)
        data = {"buttons": None, "image": None, "custom": None, "attachment": None}
        yield event("bot", flow, text="To whom do you want to send it?", data=data)
        yield event("flow_completed", flow, flow_id="transfer_money", step_id="END")
        yield event("action", name="action_listen", **action)
        yield event("bot_turn_ended")
