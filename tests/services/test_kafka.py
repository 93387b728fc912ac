"""Events through a real Kafka into a real PostgreSQL, read by real consumer processes."""

import json
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from modelservice.service.ports import free_port
from tests.ingestion.events import NOW, turn
from tests.services.ingest_system import ASSISTANT, IngestSystem


@pytest.fixture
def system(tmp_path: Path) -> Iterator[IngestSystem]:
    made = IngestSystem(tmp_path)
    made.add_assistant()
    yield made
    made.stop()


def talk(senders: int, *, turns: int = 1, start: float = NOW) -> list[dict[str, Any]]:
    """Conversations of 13 events a turn, interleaved as live ones are."""
    rounds = [
        [turn(ASSISTANT, f"sender-{number}", start + 100 * each) for number in range(senders)]
        for each in range(turns)
    ]
    return [event for conversations in rounds for events in conversations for event in events]


def test_every_event_arrives_once_by_two_consumers(system: IngestSystem) -> None:
    first, _second = system.start(), system.start()
    events = talk(150, turns=3)
    system.produce(events[:2000])
    system.wait_for(lambda: system.count() > 200)
    first.kill()  # its partitions go to the other one
    system.start()
    system.produce(events[2000:])
    system.wait_for(lambda: system.count() >= len(events), 90)
    assert system.count() == len(events)
    assert system.count("conversations_conversation") == 150
    counted = system.value("SELECT sum(user_message_count) FROM conversations_conversation")
    assert counted == 150 * 3 * 3
    # A bot that is not sure publishes again; so does `rasa export`, without the metadata.
    bare = [{name: event[name] for name in event if name != "user_id"} for event in events[:500]]
    system.produce([*bare, *talk(1, start=NOW + 5000)])
    system.wait_for(lambda: system.count() > len(events))
    assert system.count() == len(events) + 13


def test_two_consumers_have_the_same_people_at_once(system: IngestSystem) -> None:
    """Each of them would make the conversation; one does, and the other adds to it."""
    events = talk(300)
    for _ in range(2):
        system.start()
    reads = [f"reads partitions [{number}] now" for number in (0, 1)]
    system.wait_for(lambda: all(each in system.log.read_text() for each in reads))
    with system.connect() as connection, connection.transaction():
        # Both look and find nobody; then neither may go on.
        connection.execute("LOCK conversations_conversation IN SHARE ROW EXCLUSIVE MODE")
        for partition in (0, 1):
            system.produce(events[partition::2], partition=partition)
        waiting = (
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        system.wait_for(lambda: system.value(waiting) == 2)
    system.wait_for(lambda: system.count() >= len(events), 90)
    assert system.count() == len(events)
    assert system.count("conversations_conversation") == 300
    told = "SELECT min({0}), max({0}) FROM conversations_conversation"
    with system.connect() as connection:
        for column, number in (("event_count", 13), ("user_message_count", 3)):
            assert connection.execute(told.format(column)).fetchone() == (number, number)
        outcomes = "SELECT DISTINCT outcome FROM conversations_conversation"
        assert connection.execute(outcomes).fetchall() == [("completed",)]


def test_goes_on_where_the_database_is_and_not_where_kafka_thinks(system: IngestSystem) -> None:
    system.produce(talk(20))
    process = system.start()
    system.wait_for(lambda: system.count() == 260)
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) == 0
    # As if a backup of yesterday had been restored.
    system.execute("DELETE FROM conversations_event")
    system.execute('UPDATE conversations_eventsource SET "offset" = 0')
    system.start()
    system.wait_for(lambda: system.count() == 260)


def test_late_and_disordered_events_end_where_they_belong(system: IngestSystem) -> None:
    events = turn(ASSISTANT, "anna")
    system.start()
    system.produce([*events[8:], *events[:3]])
    system.wait_for(lambda: system.count() == 8)
    system.produce(reversed(events[3:8]))
    system.wait_for(lambda: system.count() == len(events))
    row = "SELECT {} FROM conversations_conversation"
    system.wait_for(lambda: system.value(row.format("user_message_count")) == 3)
    assert system.value(row.format("title")) == "send money to Zoë"
    assert system.value(row.format("outcome")) == "completed"
    assert system.value(row.format("slots->'recipient'->>'who'")) == "Zoë"
    assert system.count("conversations_session") == 1
    with system.connect() as connection:
        rows = connection.execute("SELECT type FROM conversations_event ORDER BY at, id").fetchall()
    assert [kind for [kind] in rows] == [event["event"] for event in events]


def test_poison_is_set_aside_with_its_reason_and_the_rest_goes_on(system: IngestSystem) -> None:
    deep = b'{"sender_id": "a", "event": "slot", "value": ' + b"[" * 5000 + b"]" * 5000 + b"}"
    large = {**turn(ASSISTANT)[4], "text": "x" * 5_000_000}
    wrong: list[tuple[bytes, str]] = [
        (b"\xff\xfe{", "not JSON"),
        (deep, "not JSON"),
        (b'{"sender_id": 7, "event": "user", "timestamp": 1}', "sender_id"),
        (b'{"sender_id": "a", "event": "user", "timestamp": "soon"}', "timestamp"),
        (b'{"conversation_id": "c", "timestamp": 1, "metadata": "{"}', "Mantle"),
        (b"", "not JSON"),
    ]
    nul = {**turn(ASSISTANT)[4], "text": "a\0b", "timestamp": NOW + 50}
    unknown_type = {**turn(ASSISTANT)[4], "event": "teleported", "timestamp": NOW + 60}
    system.start()
    system.produce([raw for raw, _reason in wrong], partition=0)
    system.produce([nul, unknown_type, *turn(ASSISTANT)])
    producer = system.producer(**{"message.max.bytes": 9_000_000})
    producer.produce(system.topic, json.dumps(large).encode(), b"anna")
    producer.flush(30)
    system.wait_for(lambda: system.count() == 13 + 3)
    letters = {}
    for message in system.dead_messages(len(wrong)):
        headers = {name: value.decode() for name, value in message.headers()}
        assert headers["source"] == f"kafka:{system.topic}:0"
        letters[int(headers["offset"])] = (message.value(), headers["reason"])
    assert [letters[number][0] for number in range(6)] == [raw for raw, _reason in wrong]
    for number, (_raw, reason) in enumerate(wrong):
        assert reason in letters[number][1]


def test_too_many_in_a_row_stop_it_loudly(tmp_path: Path) -> None:
    system = IngestSystem(tmp_path, INGEST_MOST_INVALID="20")
    system.add_assistant()
    system.produce([b"no event"] * 30, partition=0)
    process = system.start()
    assert process.wait(60) != 0
    assert "20 events in a row cannot be read" in system.log.read_text()
    assert system.count("conversations_deadletter") == 30
    system.stop()


def test_dead_letters_by_command(system: IngestSystem) -> None:
    named_nobody = {**turn(ASSISTANT)[4], "metadata": {}}
    system.produce([b"no event", json.dumps(named_nobody).encode()], partition=0)
    system.start()
    system.wait_for(lambda: system.count("conversations_deadletter") == 2)
    listed = system.manage("dlq", "list")
    assert "not JSON" in listed
    assert "names no assistant" in listed
    # Now its sender is known to have spoken to one assistant only.
    system.produce(turn(ASSISTANT, "anna", NOW + 100))
    system.wait_for(lambda: system.count() == 13)
    told = system.manage("dlq", "replay", "--all")
    assert "still cannot be stored" in told
    assert "stored\n" in told
    assert system.count() == 14
    assert "discarded" in system.manage("dlq", "discard", "--all")
    assert "There are no dead letters." in system.manage("dlq", "list")


def test_events_of_an_unknown_assistant_wait_until_it_is_there(system: IngestSystem) -> None:
    system.start()
    system.produce([*turn("parcels"), *turn(ASSISTANT)])
    system.wait_for(lambda: system.count() == 13)
    system.wait_for(lambda: system.count("conversations_waitingevent") == 13)
    system.add_assistant("parcels")
    system.wait_for(lambda: system.count() == 26, 20)
    assert system.count("conversations_waitingevent") == 0
    assert system.count("conversations_conversation") == 2


def test_both_engines_and_versions_are_read(system: IngestSystem) -> None:
    mantle = {
        "conversation_id": "c1", "user_id": "u1", "timestamp": NOW,
        "metadata": json.dumps({"assistant_id": ASSISTANT}), "deployment_environment": "prod",
        "session_id": "s1", "event_id": None, "sequence": None,
    }  # fmt: skip
    said = {**mantle, "user": {"text": "hello there", "input_channel": "rest"}}
    answered = {**mantle, "timestamp": NOW + 1, "bot": {"text": "Hello", "data": None}}
    system.start()
    system.produce([json.dumps(said).encode(), json.dumps(answered).encode()])
    old = {name: value for name, value in turn(ASSISTANT)[4].items() if name != "metadata"}
    system.produce([{**old, "metadata": {"assistant_id": ASSISTANT}}])
    system.wait_for(lambda: system.count() == 3)
    row = "SELECT {} FROM conversations_conversation WHERE sender_id = 'c1'"
    assert system.value(row.format("title")) == "hello there"
    assert system.value(row.format("message_count")) == 2
    assert system.value("SELECT session_id FROM conversations_session WHERE session_id = 's1'")


def test_months_are_made_by_themselves(system: IngestSystem) -> None:
    system.start()
    moments = (NOW, NOW - 40 * 86400, 86400.0, 4_000_000_000.0)
    system.produce([event for at in moments for event in turn(ASSISTANT, f"at-{at}", at)])
    system.wait_for(lambda: system.count() == 52)
    assert system.count("conversations_event_other") == 26


def test_health_and_metrics_say_what_is_waited_for(tmp_path: Path) -> None:
    port = free_port()
    system = IngestSystem(tmp_path, INGEST_HTTP_PORT=str(port))
    system.add_assistant()

    def health() -> tuple[int, dict[str, Any]]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)
        except OSError:
            return 0, {}

    system.produce(talk(10))
    system.start()
    system.wait_for(lambda: system.count() == 130)
    system.wait_for(lambda: health()[0] == 200)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        metrics = answer.read().decode()
    assert "ingestion_events_total 130.0" in metrics
    assert 'ingestion_lag{partition="0"} 0.0' in metrics
    # The database refuses us: it is said, and nothing is lost.
    with system.connect() as connection:
        connection.execute("ALTER TABLE conversations_eventsource RENAME TO away")
    system.produce(talk(10, start=NOW + 900))
    problem = system.wait_for(lambda: health()[1].get("problem"))
    assert "database" in problem
    assert health()[0] == 503
    with system.connect() as connection:
        connection.execute("ALTER TABLE away RENAME TO conversations_eventsource")
    system.wait_for(lambda: system.count() == 260)
    system.wait_for(lambda: health()[0] == 200)
    system.stop()
