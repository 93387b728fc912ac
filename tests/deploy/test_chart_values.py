"""Values that cannot work: refused, with the value by its name."""

from pathlib import Path
from typing import Any

import pytest

from tests.deploy.chart import MATRIX, over, refusal, rendered


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"backend": {"replicaCount": "two"}}, "backend.replicaCount: Invalid type"),
        (
            {"config": {"database": {"preferSSL": "true"}}},
            "config.database.preferSSL: Invalid type",
        ),
        ({"config": {"database": {"prot": 1}}}, "config.database: Additional property prot"),
        ({"databases": {}}, "Additional property databases is not allowed"),
        ({"rasa": {"persistence": {"size": "lots"}}}, "rasa.persistence.size: Does not match"),
        ({"rasa": {"replicaCount": 2}}, "rasa.replicaCount: Must be less than or equal to 1"),
        ({"config": {"ingressHost": "https://studio"}}, "config.ingressHost: Does not match"),
        ({"config": {"connectionType": "ftp"}}, "config.connectionType"),
        ({"backend": {"imageSources": ['"; }']}}, "backend.imageSources.0: Does not match"),
        ({"repository": "registry.example.org/studio"}, "repository: Does not match"),
        (
            {"backend": {"environmentVariables": {"LOG_LEVEL": "DEBUG"}}},
            "backend.environmentVariables.LOG_LEVEL",
        ),
        (
            {"backend": {"environmentVariables": {"STUDIO_RATE_LIMIT": {"value": 5}}}},
            "backend.environmentVariables.STUDIO_RATE_LIMIT",
        ),
    ],
)
def test_the_schema_names_it(tmp_path: Path, values: dict[str, Any], named: str) -> None:
    assert named in refusal(tmp_path, values)


REDIS = {"redis": {"secretKey": "REDIS_URL"}}
LOCAL = MATRIX["local identity"]
OWN = {"secretName": "own"}
ALL_BUT_ONE = {
    "database": {"password": OWN},
    "modelServiceSecret": OWN,
    "keycloak": {"apiPassword": OWN, "adminPassword": OWN},
}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"config": {"ingressHost": ""}}, "config.ingressHost is not set"),
        ({"config": {"database": {"host": ""}}}, "config.database.host is not set"),
        ({"backend": {"replicaCount": 2}}, "config.redis is not set: several backends"),
        ({"backend": {"autoscaling": {"enabled": True}}}, "config.redis is not set"),
        (
            over(LOCAL, {"config": REDIS, "backend": {"replicaCount": 2}}),
            "config.identity is local: the embedded sign-in is for one backend",
        ),
        ({"config": {"identity": "local"}}, "keycloak.enabled is true: set it to false"),
        (over(LOCAL, {"config": {"keycloak": {"url": "http://k"}}}), "one of them must go"),
        ({"config": {"keycloak": {"url": "http://k/auth"}}}, "would start another one"),
        ({"keycloak": {"enabled": False}}, "name a Keycloak, or set config.identity to local"),
        (
            {"config": {"existingSecret": ""}},
            ".secretName, or config.existingSecret.",
        ),
        (
            {"config": {"existingSecret": "", **ALL_BUT_ONE}},
            "config.secretKey names no secret: set config.secretKey.secretName, or",
        ),
        ({"config": {"secretKey": {"secretKey": ""}}}, "set config.secretKey.secretKey"),
        ({"eventIngestion": {"enabled": True}}, "config.kafka.brokerAddress is not set"),
        (
            over(MATRIX["events by files"], {"eventIngestion": {"keda": {"enabled": True}}}),
            "eventIngestion.keda.enabled is true, but config.kafka.brokerAddress is not set",
        ),
        (
            over(
                MATRIX["ingestion"],
                {"eventIngestion": {"autoscaling": {"enabled": True}, "keda": {"enabled": True}}},
            ),
            "eventIngestion.autoscaling.enabled and eventIngestion.keda.enabled are both true",
        ),
        ({"config": {"storage": {"provider": "gcs"}}}, "config.storage.bucket is not"),
        (
            {"config": {"storage": {"provider": "azure", "bucket": "b"}}},
            "set config.storage.accountKey.secretKey",
        ),
        (over(MATRIX["iam"], {"serviceAccount": {"create": True}}), "serviceAccount.create is too"),
        (over(MATRIX["iam"], {"config": {"database": {"awsRegion": ""}}}), "awsRegion"),
        (over(MATRIX["iam"], {"config": {"database": {"preferSSL": False}}}), "preferSSL is false"),
    ],
)
def test_a_sentence_names_it(tmp_path: Path, values: dict[str, Any], sentence: str) -> None:
    said = refusal(tmp_path, values)
    assert sentence in said
    [line] = [line for line in said.splitlines() if line.startswith("Error:")]
    assert sentence in line


def test_the_same_with_what_it_asks_for_is_taken(tmp_path: Path) -> None:
    assert rendered(tmp_path, {"config": REDIS, "backend": {"replicaCount": 2}})
    config = {"existingSecret": "", **ALL_BUT_ONE, "secretKey": OWN}
    assert rendered(tmp_path, {"config": config})
