"""Apache Kafka, one node in KRaft mode, from its Maven artefacts."""

import re
from pathlib import Path
from typing import Any

from deploy.services.install import java, maven, run
from deploy.services.service import HOST, Service
from modelservice.service.ports import free_port

TOPIC = "rasa-events"
DEAD_LETTERS = "rasa-events-dlq"
PARTITIONS = 2
_CLUSTER = "c3R1ZGlvLXNlcnZpY2VzAA"
_SETTINGS = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller}
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller}
advertised.listeners=PLAINTEXT://{host}:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs={data}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
auto.create.topics.enable=false
message.max.bytes=10485760
{more}
"""


class Kafka(Service):
    """`more`: further lines of its settings, and its topics are made by `started`."""

    name = "kafka"

    def __init__(self, directory: Path, port: int, *, more: str = "") -> None:
        super().__init__(directory, port)
        self._more = more

    @property
    def variables(self) -> dict[str, str]:
        return {
            "KAFKA_BROKER_ADDRESS": self.address,
            "KAFKA_TOPIC": TOPIC,
            # Projects may name these two in their endpoints.yml.
            "MODEL_SERVICE_CHILD_VARIABLES": "KAFKA_BROKER_ADDRESS,KAFKA_TOPIC",
        }

    @property
    def _settings(self) -> Path:
        return self.directory / "server.properties"

    def _java(self, *arguments: str) -> list[str]:
        jars = maven("kafka", "dependency:copy-dependencies", "-DincludeScope=runtime")
        return [
            *(java(), "-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", "-cp", f"{jars}/*"),
            f"-Dlog4j.configurationFile={Path(__file__).parent / 'kafka-log4j2.xml'}",
            *arguments,
        ]

    def prepare(self) -> None:
        data = self.directory / "data"
        controller = self._controller() or free_port()
        self._settings.write_text(
            _SETTINGS.format(
                host=HOST, port=self.port, controller=controller, data=data, more=self._more
            )
        )
        if not (data / "meta.properties").exists():
            tool = self._java("kafka.tools.StorageTool", "format", "-t", _CLUSTER)
            run([*tool, "-c", str(self._settings)])

    def _controller(self) -> int | None:
        """A quorum remembers its address, so it is kept over restarts."""
        if not self._settings.exists():
            return None
        found = re.search(r"voters=1@[^:]+:(\d+)", self._settings.read_text())
        return int(found.group(1)) if found else None

    def command(self) -> list[str]:
        return self._java("kafka.Kafka", str(self._settings))

    def is_ready(self) -> bool:
        from confluent_kafka import KafkaException

        if not super().is_ready():
            return False
        try:
            return bool(self._admin().list_topics(timeout=2).brokers)
        except KafkaException:
            return False

    def _admin(self) -> Any:  # the library has no types
        from confluent_kafka.admin import AdminClient

        return AdminClient({"bootstrap.servers": self.address, "log_level": 0})

    def started(self) -> None:
        from confluent_kafka.cimpl import NewTopic

        admin = self._admin()
        known = admin.list_topics(timeout=10).topics
        wanted = [NewTopic(TOPIC, PARTITIONS, 1), NewTopic(DEAD_LETTERS, 1, 1)]
        missing = [topic for topic in wanted if topic.topic not in known]
        for made in admin.create_topics(missing).values() if missing else ():
            made.result(30)
