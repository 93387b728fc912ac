"""Our CALM runtime publishes to a real Kafka, as the project's endpoints.yml asks."""

import json
import os
import re
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from confluent_kafka import Consumer

from deploy.services.kafka import TOPIC, Kafka
from modelservice.service.ports import free_port
from tests.services.ingest_system import ASSISTANT, ROOT, IngestSystem

FILES = {
    "config.yml": f"recipe: default.v1\nlanguage: en\nassistant_id: {ASSISTANT}\n",
    "domain.yml": "slots: {kind: {type: text}}\nresponses:\n"
    "  utter_ask_kind: [{text: Which tea?}]\n  utter_done: [{text: 'One {kind} tea.'}]\n",
    "data/flows.yml": "flows:\n  order_tea:\n    description: order a cup of tea\n    steps:\n"
    "    - collect: kind\n    - action: utter_done\n",
    "endpoints.yml": "event_broker:\n  type: kafka\n  url: ${BROKERS}\n  topic: ${TOPIC}\n"
    "  security_protocol: PLAINTEXT\n  partition_by_sender: true\n",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tea")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    calm(folder, "train", "--fixed-model-name", "tea")
    return folder


def calm(folder: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "modelservice.calm", *arguments]
    subprocess.run(command, cwd=folder, env=environment(), check=True, capture_output=True)


def environment(**variables: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "RASA_ENVIRONMENT": "test", **variables}


class Bot:
    def __init__(self, url: str, log: Path) -> None:
        self._http = httpx2.Client(base_url=url, timeout=30)
        self._log = log

    @property
    def log(self) -> str:
        return self._log.read_text()

    def say(self, sender: str, text: str) -> list[str]:
        body = {"sender": sender, "message": text}
        answer = self._http.post("/webhooks/rest/webhook", json=body)
        assert answer.status_code == 200, answer.text
        return [message["text"] for message in answer.json()]

    def events(self, sender: str) -> list[dict[str, Any]]:
        answer = self._http.get(f"/conversations/{sender}/tracker")
        return list(answer.json()["events"])


@contextmanager
def running(project: Path, brokers: str, topic: str) -> Iterator[Bot]:
    log = project / f"{uuid.uuid4().hex}.log"
    command = [
        *(sys.executable, "-m", "modelservice.calm", "run", "--port", "0", "--enable-api"),
        *("--model", "models", "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"),
    ]
    (project / "credentials.yml").write_text("rest:\n")
    with log.open("w") as errors:
        process = subprocess.Popen(
            command,
            cwd=project,
            env=environment(BROKERS=brokers, TOPIC=topic),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found is not None, log.read_text()
        yield Bot(found[0], log)
    finally:
        process.terminate()
        assert process.wait(10) == 0


def published(brokers: str, topic: str, count: int) -> list[Any]:
    """The first messages of a topic, and what comes within a second behind them."""
    group = {"group.id": uuid.uuid4().hex, "auto.offset.reset": "earliest"}
    consumer = Consumer({"bootstrap.servers": brokers, **group})
    consumer.subscribe([topic])
    messages: list[Any] = []
    until = time.monotonic() + 60
    while len(messages) < count and time.monotonic() < until:
        messages += consumer.consume(100, 0.5)
    messages += consumer.consume(100, 1.0)
    consumer.close()
    return messages


def of(sender: str, messages: list[Any]) -> list[dict[str, Any]]:
    bodies = [json.loads(each.value()) for each in messages if each.key() == sender.encode()]
    assert all(body["sender_id"] == sender for body in bodies)
    return bodies


def plain(events: list[dict[str, Any]]) -> list[tuple[str, float]]:
    return [(event["event"], event["timestamp"]) for event in events]


def test_every_event_comes_once_in_order_and_becomes_a_conversation(
    project: Path, tmp_path: Path
) -> None:
    system = IngestSystem(tmp_path)
    system.add_assistant()
    system.start()
    try:
        with running(project, system.brokers, system.topic) as bot:
            for sender in ("anna", "ben"):
                assert bot.say(sender, "order a cup of tea") == ["Which tea?"]
            for sender, kind in (("ben", "green"), ("anna", "black")):
                assert bot.say(sender, kind)[0] == f"One {kind} tea."
            events = {sender: bot.events(sender) for sender in ("anna", "ben")}
        total = sum(map(len, events.values()))
        messages = published(system.brokers, system.topic, total)
        assert len(messages) == total
        for sender, told in events.items():
            mine = of(sender, messages)
            assert plain(mine) == plain(told)
            assert {each["metadata"]["rasa_environment"] for each in mine} == {"test"}
            assert {each["metadata"]["assistant_id"] for each in mine} == {ASSISTANT}
            partitions = {each.partition() for each in messages if each.key() == sender.encode()}
            assert len(partitions) == 1
        assert messages[0].headers() == [("RASA_ENVIRONMENT", b"test")]
        system.wait_for(lambda: system.count() == total)
        assert system.count("conversations_conversation") == 2
    finally:
        system.stop()


def test_a_broker_that_is_away_does_not_hold_up_the_chat(project: Path, tmp_path: Path) -> None:
    kafka = Kafka(tmp_path / "kafka", free_port())
    kafka.start()
    try:
        with running(project, kafka.address, TOPIC) as bot:
            assert bot.say("anna", "order a cup of tea") == ["Which tea?"]
            kafka.kill()
            began = time.monotonic()
            assert bot.say("anna", "green")[0] == "One green tea."
            assert bot.say("anna", "order a cup of tea") == ["Which tea?"]
            assert time.monotonic() - began < 2
            kafka.start()
            told = bot.events("anna")
            messages = published(kafka.address, TOPIC, len(told))
            assert plain(of("anna", messages)) == plain(told)
            assert len(messages) == len(told)
            assert "are lost" not in bot.log
    finally:
        kafka.stop()


def test_a_bot_without_a_broker_talks_and_says_what_it_lost(project: Path) -> None:
    with running(project, f"127.0.0.1:{free_port()}", TOPIC) as bot:
        assert bot.say("anna", "order a cup of tea") == ["Which tea?"]
    assert re.search(r"\d+ events are lost, Kafka at 127.0.0.1:\d+, topic \S+:", bot.log), bot.log
