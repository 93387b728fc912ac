"""Who may reach whom: the network policies of the chart, looked at as a network would."""

from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.chart import MATRIX, Manifest, rendered

PORTS = {"backend": 4000, "keycloak": 8080, "model-service": 8000, "web-client": 8080}
METADATA = "169.254.169.254"
PRIVATE = "10.20.30.40"
INTERNET = "203.0.113.7"


def policies(folder: Path, values: dict[str, Any]) -> dict[str, Manifest]:
    return {
        each["metadata"]["name"].removeprefix("studio-"): each["spec"]
        for each in rendered(folder, values)
        if each["kind"] == "NetworkPolicy"
    }


def _is_peer(peer: Manifest, target: str) -> bool:
    if block := peer.get("ipBlock"):
        if target in PORTS or "/" in target:
            return False
        address = ip_address(target)
        return address in ip_network(block["cidr"]) and not any(
            address in ip_network(each) for each in block.get("except", [])
        )
    labels = peer.get("podSelector", {}).get("matchLabels", {})
    return bool(labels.get("app.kubernetes.io/component") == target)


def reaches(spec: Manifest, target: str, port: int) -> bool:
    """Whether one of the rules of egress lets out to a component, or to an address."""
    for rule in spec.get("egress", []):
        numbers = {
            PORTS.get(target) if each["port"] == "http" else each["port"] for each in rule["ports"]
        }
        if port in numbers and ("to" not in rule or any(_is_peer(p, target) for p in rule["to"])):
            return True
    return False


def lets_in(spec: Manifest, component: str) -> bool:
    return any(
        _is_peer(peer, component) for rule in spec.get("ingress", []) for peer in rule["from"]
    )


@pytest.fixture(params=["minimal", "everything", "s3", "ingestion", "outside keycloak"])
def found(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Manifest]:
    return policies(tmp_path, MATRIX[request.param])


def test_assistants_reach_neither_database_nor_redis(found: dict[str, Manifest]) -> None:
    models = found["model-service"]
    for address in (PRIVATE, INTERNET, METADATA, "10.1.0.5"):
        for port in (5432, 5433, 6379):
            assert not reaches(models, address, port), (address, port)


def test_assistants_reach_the_internet_and_no_private_network(
    found: dict[str, Manifest],
) -> None:
    models = found["model-service"]
    assert reaches(models, INTERNET, 443)
    assert not reaches(models, PRIVATE, 443)
    assert not reaches(models, METADATA, 80)
    assert not reaches(models, METADATA, 443)
    assert reaches(models, "backend", 4000)
    assert not reaches(models, "web-client", 8080)


def test_the_database_is_reached_by_those_who_need_it(found: dict[str, Manifest]) -> None:
    for name in ("backend", "database-migration"):
        assert reaches(found[name], "10.1.0.5", 5432), name
    assert not reaches(found["web-client"], "10.1.0.5", 5432)


def test_the_model_service_lets_in_the_backend(found: dict[str, Manifest]) -> None:
    assert lets_in(found["model-service"], "backend")
    assert not lets_in(found["model-service"], "web-client")
    assert not lets_in(found["web-client"], "model-service")


def test_all_else_is_closed(found: dict[str, Manifest]) -> None:
    closed = found["deny-all"]
    assert closed["policyTypes"] == ["Ingress", "Egress"]
    assert "ingress" not in closed
    assert "egress" not in closed


def test_kafka_is_reached_at_the_ports_of_its_brokers(tmp_path: Path) -> None:
    ingestion = policies(tmp_path, MATRIX["ingestion"])["event-ingestion"]
    assert reaches(ingestion, PRIVATE, 9093)
    assert reaches(ingestion, PRIVATE, 9092)  # Kafka's own, where none is named
    assert not reaches(ingestion, PRIVATE, 6379)


def test_an_s3_server_of_ones_own_is_reached_where_it_is_said_to_be(tmp_path: Path) -> None:
    values = {
        **MATRIX["s3"],
        "networkPolicy": {"storageTo": [{"ipBlock": {"cidr": "10.20.0.0/16"}}]},
    }
    models = policies(tmp_path, values)["model-service"]
    assert reaches(models, PRIVATE, 9000)
    assert not reaches(models, "10.99.0.1", 9000)


def test_an_outside_keycloak_is_reached_where_it_is_said_to_be(tmp_path: Path) -> None:
    values = {
        **MATRIX["outside keycloak"],
        "networkPolicy": {"keycloakTo": [{"ipBlock": {"cidr": "10.20.0.0/16"}}]},
    }
    found = policies(tmp_path, values)
    for name in ("backend", "model-service", "keycloak-setup"):
        assert reaches(found[name], PRIVATE, 443), name
    assert "keycloak" not in found


def test_they_can_be_left_out(tmp_path: Path) -> None:
    assert policies(tmp_path, {"networkPolicy": {"enabled": False}}) == {}
