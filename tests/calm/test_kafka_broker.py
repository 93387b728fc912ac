"""Settings of `event_broker: {type: kafka}`; that events arrive is tested on a real Kafka."""

from typing import Any

import pytest

from modelservice.calm.channels.brokers import broker_from
from modelservice.calm.channels.kafka_broker import client_settings
from modelservice.calm.errors import ProjectError

URL = {"type": "kafka", "url": "broker:9092"}
SASL = {"sasl_username": "bot", "sasl_password": "secret"}
TLS = {"ssl_cafile": "/etc/ca.pem", "ssl_certfile": "/etc/bot.pem", "ssl_keyfile": "/etc/bot.key"}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, {"security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN"}),
        (SASL, {"sasl.username": "bot", "sasl.password": "secret"}),
        ({"security_protocol": "plaintext", **SASL, **TLS}, {"security.protocol": "PLAINTEXT"}),
        (
            {"security_protocol": "SSL", **TLS},
            {"ssl.ca.location": "/etc/ca.pem", "ssl.endpoint.identification.algorithm": "https"},
        ),
        (
            {"security_protocol": "SASL_SSL", "ssl_check_hostname": False, **SASL},
            {"ssl.endpoint.identification.algorithm": "none", "sasl.username": "bot"},
        ),
        ({"url": ["one:1", "two:2"]}, {"bootstrap.servers": "one:1,two:2"}),
        ({"queue_size": 5, "client_id": "tea"}, {"queue.buffering.max.messages": "5"}),
    ],
)
def test_settings_of_rasa_become_those_of_the_client(
    given: dict[str, Any], wanted: dict[str, Any]
) -> None:
    made = client_settings({**URL, **given})
    assert wanted.items() <= made.items()
    protocol = made["security.protocol"]
    assert any(name.startswith("sasl.") for name in made) == ("SASL" in protocol)
    assert any(name.startswith("ssl.") for name in made) == ("SSL" in protocol)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"type": "kafka"}, "needs the brokers' address in url"),
        ({**URL, "security_protocol": "TLS"}, "security_protocol of event_broker must be one of"),
        ({**URL, "security_protocol": "PLAINTEXT", "queue_size": "many"}, "queue.buffering"),
        ({"type": "pika", "url": "rabbit"}, "'pika' is not known here"),
        ("file", "must be a map with a type"),
    ],
)
def test_bad_settings_name_the_file_and_what_is_wrong(given: Any, told: str) -> None:
    with pytest.raises(ProjectError, match=rf"endpoints\.yml: .*{told}"):
        broker_from({"event_broker": given}, {})
