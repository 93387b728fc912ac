"""How Kafka is reached: the documented variables in librdkafka's words."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """`sasl_mechanism` empty: no SASL. `ssl` without files: the system's authorities."""

    brokers: str
    topic: str
    dead_letter_topic: str
    group_id: str
    client_id: str
    sasl_mechanism: str = ""
    sasl_username: str = ""
    sasl_password: str = field(default="", repr=False)
    ssl: bool = False
    ca_file: str = ""
    certificate_file: str = ""
    key_file: str = ""
    check_certificate: bool = True
    session_timeout_ms: int = 45_000

    @property
    def name(self) -> str:
        """For messages to people."""
        return f"Kafka at {self.brokers}, topic {self.topic}"

    @property
    def client(self) -> dict[str, Any]:
        """What every client of ours is made with."""
        return {
            "bootstrap.servers": self.brokers,
            "client.id": self.client_id,
            "security.protocol": self._protocol,
            "socket.keepalive.enable": True,
            "reconnect.backoff.max.ms": 2_000,
            **self._sasl,
            **self._tls,
        }

    @property
    def _protocol(self) -> str:
        encrypted = "SSL" if self.ssl else "PLAINTEXT"
        return f"SASL_{encrypted}" if self.sasl_mechanism else encrypted

    @property
    def _sasl(self) -> dict[str, Any]:
        if not self.sasl_mechanism:
            return {}
        return {
            "sasl.mechanism": self.sasl_mechanism.upper(),
            "sasl.username": self.sasl_username,
            "sasl.password": self.sasl_password,
        }

    @property
    def _tls(self) -> dict[str, Any]:
        if not self.ssl:
            return {}
        files = {
            "ssl.ca.location": self.ca_file,
            "ssl.certificate.location": self.certificate_file,
            "ssl.key.location": self.key_file,
        }
        return {
            **{name: place for name, place in files.items() if place},
            "enable.ssl.certificate.verification": self.check_certificate,
            "ssl.endpoint.identification.algorithm": "https" if self.check_certificate else "none",
        }
