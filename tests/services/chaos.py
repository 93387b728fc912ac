"""`make chaos-ingestion`: end consumers, PostgreSQL and Kafka at random moments, under load.

Every round produces events while something is killed (or stops answering, as behind a cut
network), starts it again, and goes on. At the end what was produced must be what is stored, each
event once, and conversations must say what their events say. Prints a line a round; ends with 1
if anything is lost, doubled or wrong.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from deploy.services.catalogue import the, throwaway, variables_of
from deploy.services.kafka import Kafka
from deploy.services.postgres import Postgres
from deploy.services.service import Service
from tests.ingestion.events import NOW, turn
from tests.services.ingest_system import ASSISTANT, IngestSystem

CONSUMERS = 2
PER_SECOND = 800
KINDS = ("consumer", "consumer", "postgres", "kafka", "both", "cut postgres", "cut kafka")


class Load(threading.Thread):
    """Produces turns of conversations until it is told to stop; counts what Kafka has taken."""

    def __init__(self, system: IngestSystem) -> None:
        super().__init__(daemon=True)
        self._system = system
        self._stopping = threading.Event()
        self.produced = self.taken = 0
        self.problem = ""

    def run(self) -> None:
        # Idempotent: it tries until the broker is back, and doubles nothing by that.
        producer = self._system.producer(
            **{
                "enable.idempotence": True,
                "log_level": 0,
                "message.timeout.ms": 600_000,
                "queue.buffering.max.messages": 1_000_000,
            }
        )
        conversation = 0
        while not self._stopping.is_set():
            for event in turn(ASSISTANT, f"sender-{conversation}", NOW + conversation):
                raw = json.dumps(event).encode()
                producer.produce(
                    self._system.topic, raw, event["sender_id"].encode(), on_delivery=self._taken
                )
                self.produced += 1
            # Some are published again, as bots do that are not sure.
            if conversation % 50 == 0:
                for event in turn(ASSISTANT, f"sender-{conversation}", NOW + conversation):
                    producer.produce(
                        self._system.topic, json.dumps(event).encode(), event["sender_id"].encode()
                    )
            conversation += 1
            producer.poll(0)
            time.sleep(13 / PER_SECOND)
        producer.flush(300)

    def _taken(self, error: object, _message: object) -> None:
        if error is not None:
            self.problem = str(error)
        self.taken += error is None

    def stop(self) -> None:
        self._stopping.set()
        self.join(400)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", nargs="?", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cut-seconds", type=float, default=8, help="one cut lasts a minute")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with (
        tempfile.TemporaryDirectory(prefix="studio-chaos-") as folder,
        throwaway(("postgres", "kafka"), durable=True) as services,
    ):
        os.environ.update(variables_of(services))
        system = IngestSystem(Path(folder), partitions=4)
        system.add_assistant()
        load = Load(system)
        consumers = [system.start() for _ in range(CONSUMERS)]
        load.start()
        for number in range(1, options.rounds + 1):
            kind = chance.choice(KINDS)
            seconds = 60 if number == options.rounds // 2 else options.cut_seconds
            time.sleep(chance.uniform(0.5, 3))
            _round(kind, chance, system, consumers, services, seconds)
            print(f"{number:3} {kind:<13} taken {load.taken}", flush=True)
        load.stop()
        faults = _faults(system, load)
        system.stop()
    print("\n".join(faults) or f"{load.produced} events in, {load.produced} stored, each once.")
    return 1 if faults else 0


def _round(
    kind: str,
    chance: random.Random,
    system: IngestSystem,
    consumers: "list[subprocess.Popen[bytes]]",
    services: list[Service],
    cut_seconds: float,
) -> None:
    postgres, kafka = the(Postgres, services), the(Kafka, services)
    if kind in {"consumer", "both"}:
        victim = chance.randrange(CONSUMERS)
        consumers[victim].kill()
        consumers[victim].wait()
        time.sleep(chance.uniform(0, 1))
        consumers[victim] = system.start()
    if kind in {"postgres", "both"}:
        postgres.kill()
        time.sleep(chance.uniform(0, 2))
        postgres.start()
    if kind == "kafka":
        kafka.kill()
        time.sleep(chance.uniform(0, 2))
        kafka.start()
    if kind.startswith("cut"):
        service = postgres if kind.endswith("postgres") else kafka
        service.pause()
        time.sleep(cut_seconds)
        service.go_on()
    for number, consumer in enumerate(consumers):
        if consumer.poll() is not None:
            consumers[number] = system.start()  # as an orchestrator would


def _faults(system: IngestSystem, load: Load) -> list[str]:
    until = time.monotonic() + 180
    while system.count() < load.produced and time.monotonic() < until:
        time.sleep(0.5)
    time.sleep(2)  # more than there should be would come now
    stored = system.count()
    conversations = "conversations_conversation"
    checks = {
        f"Kafka refused: {load.problem}": not load.problem,
        f"{load.produced - stored} of {load.produced} are lost": stored >= load.produced,
        f"{stored - load.produced} are doubled": stored <= load.produced,
        "conversations count other events than they have": system.value(
            f"SELECT count(*) FROM {conversations} c WHERE event_count <> "  # noqa: S608
            "(SELECT count(*) FROM conversations_event e WHERE e.conversation_id = c.id)"
        )
        == 0,
        "conversations are not told as they were": system.value(
            f"SELECT count(*) FROM {conversations} "  # noqa: S608
            "WHERE outcome <> 'completed' OR user_message_count <> 3 OR event_count <> 13"
        )
        == 0,
        "there are dead letters": system.count("conversations_deadletter") == 0,
    }
    return [fault for fault, holds in checks.items() if not holds]


if __name__ == "__main__":
    sys.exit(main())
