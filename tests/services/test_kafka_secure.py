"""TLS and SASL by the documented variables, against a Kafka that asks for them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._scram import (
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from deploy.services.kafka import Kafka
from deploy.services.service import HOST
from modelservice.service.ports import free_port
from tests.ingestion.events import turn
from tests.services.certificates import self_signed
from tests.services.ingest_system import ASSISTANT, IngestSystem

USER, PASSWORD = "studio", "not a secret"
_MORE = """\
listeners=PLAINTEXT://{host}:{port},SECURE://{host}:{secure},CONTROLLER://{host}:{controller}
advertised.listeners=PLAINTEXT://{host}:{port},SECURE://{host}:{secure}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SECURE:SASL_SSL
controller.quorum.voters=1@{host}:{controller}
listener.name.secure.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512
listener.name.secure.plain.sasl.jaas.config=\
org.apache.kafka.common.security.plain.PlainLoginModule required user_{user}="{password}";
listener.name.secure.scram-sha-512.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.secure.ssl.keystore.type=PEM
listener.name.secure.ssl.keystore.location={keystore}
"""


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    folder = tmp_path_factory.mktemp("kafka")
    certificate, key = self_signed(folder)
    keystore = folder / "keystore.pem"
    keystore.write_text(key.read_text() + certificate.read_text())
    port, secure = free_port(), free_port()
    more = _MORE.format(
        host=HOST,
        port=port,
        secure=secure,
        controller=free_port(),
        user=USER,
        password=PASSWORD,
        keystore=keystore,
    )
    server = Kafka(folder / "data", port, more=more)
    server.start()
    admin = AdminClient({"bootstrap.servers": server.address})
    mechanism = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 8192)
    wanted = UserScramCredentialUpsertion(USER, mechanism, PASSWORD.encode())
    for made in admin.alter_user_scram_credentials([wanted]).values():
        made.result(30)
    server.secure_address = f"{HOST}:{secure}"  # type: ignore[attr-defined]  # for these tests
    server.authority = certificate  # type: ignore[attr-defined]
    yield server
    server.stop()


def system_with(
    kafka: Kafka, folder: Path, monkeypatch: pytest.MonkeyPatch, **variables: str
) -> IngestSystem:
    """Its consumers come in by the guarded door, the test itself by the other."""
    monkeypatch.setenv("KAFKA_BROKER_ADDRESS", kafka.address)
    made = IngestSystem(
        folder,
        **{
            "KAFKA_BROKER_ADDRESS": kafka.secure_address,  # type: ignore[attr-defined]
            "KAFKA_SASL_USERNAME": USER,
            "KAFKA_SASL_PASSWORD": PASSWORD,
            "KAFKA_ENABLE_SSL": "true",
            "KAFKA_CA_FILE": str(kafka.authority),  # type: ignore[attr-defined]
            **variables,
        },
    )
    made.add_assistant()
    return made


@pytest.mark.parametrize("mechanism", ["plain", "SCRAM-SHA-512"])
def test_events_come_through_the_guarded_door(
    kafka: Kafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mechanism: str
) -> None:
    system = system_with(kafka, tmp_path, monkeypatch, KAFKA_SASL_MECHANISM=mechanism)
    system.produce([*turn(ASSISTANT), b"no event"])
    system.start()
    system.wait_for(lambda: system.count() == 13)
    assert len(system.dead_messages(1)) == 1
    system.stop()
    assert PASSWORD not in system.log.read_text()


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"KAFKA_SASL_PASSWORD": "wrong"}, "uthentication failed"),
        ({"KAFKA_CA_FILE": ""}, "certificate verify failed"),
    ],
)
def test_a_refusal_is_said_with_its_reason(
    kafka: Kafka,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    reason: str,
) -> None:
    system = system_with(kafka, tmp_path, monkeypatch, KAFKA_SASL_MECHANISM="PLAIN", **variables)
    process = system.start()
    system.wait_for(lambda: reason in system.log.read_text())
    system.wait_for(lambda: "events wait for Kafka at" in system.log.read_text())
    assert process.poll() is None
    system.stop()
    assert "wrong" not in system.log.read_text().replace("Wrong", "")
