"""The chart as Helm renders it, with the values that tests give it."""

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.running_studio import ROOT

CHART = ROOT / "deploy" / "chart"
Manifest = dict[str, Any]
Values = dict[str, Any]

MINIMAL: Values = {
    "config": {"ingressHost": "studio.example.org", "database": {"host": "postgres.example.org"}}
}
_KEYCLOAK = "https://id.example.org/auth"
# What is put over the minimal values, by what it is about.
MATRIX: dict[str, Values] = {
    "minimal": {},
    "outside keycloak": {
        "config": {"keycloak": {"url": _KEYCLOAK, "publicUrl": "https://sign-in.example.org"}},
        "keycloak": {"enabled": False},
    },
    "local identity": {
        "config": {"identity": "local", "connectionType": "http"},
        "keycloak": {"enabled": False},
    },
    "ingestion": {
        "config": {"kafka": {"brokerAddress": "kafka-0.example.org:9093,kafka-1.example.org"}},
        "eventIngestion": {"enabled": True},
    },
    "events by files": {
        "config": {"eventsClaim": "studio-events"},
        "eventIngestion": {"enabled": True},
    },
    "s3": {
        "config": {
            "storage": {
                "provider": "aws",
                "bucket": "models",
                "endpointUrl": "http://s3.example.org:9000",
                "region": "eu-central-1",
                "accessKeyId": {"secretKey": "S3_ID"},
                "secretAccessKey": {"secretName": "s3", "secretKey": "S3_KEY"},
            }
        }
    },
    "azure": {
        "config": {
            "storage": {
                "provider": "azure",
                "bucket": "models",
                "accountName": "account",
                "accountKey": {"secretKey": "AZURE"},
            }
        }
    },
    "iam": {
        "config": {
            "database": {
                "useAwsIamAuth": True,
                "awsRegion": "eu-central-1",
                "iamDbUsername": "studio_iam",
                "queryParams": "sslrootcert=/etc/rds/bundle.pem",
            },
            "keycloak": {"url": _KEYCLOAK},
        },
        "keycloak": {"enabled": False},
        "serviceAccount": {"create": False, "name": "studio-rds"},
    },
    "several": {
        "config": {"redis": {"secretKey": "REDIS_URL"}},
        "backend": {"replicaCount": 3},
        "webClient": {"replicaCount": 2},
        "keycloak": {"replicaCount": 2},
    },
    "everything": {
        "repository": "registry.example.org/studio/",
        "tag": "1.2.3",
        "imagePullSecrets": [{"name": "registry"}],
        "config": {
            "ingressClassName": "nginx",
            "ingressTlsSecret": "studio-tls",
            "allowedHosts": ["other.example.org"],
            "database": {
                "username": {"secretName": "pg", "secretKey": "USER"},
                "backendDatabaseName": {"secretName": "pg", "secretKey": "NAME"},
                "queryParams": "schema=studio&connection_limit=20",
                "rejectUnauthorized": False,
            },
            "redis": {"value": "redis://redis.example.org:6379"},
            "keycloak": {
                "defaultUserCreation": True,
                "defaultUserPassword": {"secretKey": "DEFAULT_USER_PASSWORD"},
            },
            "kafka": {
                "brokerAddress": "kafka.example.org:9092",
                "saslMechanism": "SCRAM-SHA-512",
                "saslUsername": "studio",
                "enableSsl": True,
                "caFile": "/etc/kafka/ca.pem",
                "certFile": "/etc/kafka/cert.pem",
                "keyFile": "/etc/kafka/key.pem",
            },
            "storage": {
                "provider": "aws",
                "bucket": "models",
                "region": "eu-central-1",
                "accessKeyId": {"secretKey": "S3_ID"},
                "secretAccessKey": {"secretKey": "S3_KEY"},
            },
            "nodeSelector": {"kubernetes.io/arch": "amd64"},
            "tolerations": [{"key": "studio", "operator": "Exists"}],
        },
        "serviceAccount": {"annotations": {"example.org/team": "studio"}},
        "backend": {
            "autoscaling": {"enabled": True, "minReplicas": 2},
            "deleteConversationsOlderThanHours": 720,
            "gitHosts": ["github.com"],
            "imageSources": ["https://images.example.org"],
            "environmentVariables": {
                "STUDIO_TOKEN_MAX_DAYS": {"value": "30"},
                "STUDIO_EXTERNAL_CLIENT_SECRET": {"secret": {"name": "own", "key": "EXTERNAL"}},
            },
            "envFrom": [{"configMapRef": {"name": "own"}}],
            "migration": {"environmentVariables": {"LOG_LEVEL": {"value": "DEBUG"}}},
            "probes": {"livenessProbe": {"tcpSocket": {"port": "http"}}},
            "podAnnotations": {"example.org/a": "b"},
            "podLabels": {"example.org/c": "d"},
            "additionalContainers": [
                {
                    "name": "beside",
                    "image": "beside:1",
                    "securityContext": {
                        "allowPrivilegeEscalation": False,
                        "capabilities": {"drop": ["ALL"]},
                        "readOnlyRootFilesystem": True,
                    },
                }
            ],
            "additionalVolumes": [{"name": "certificates", "secret": {"secretName": "rds"}}],
            "additionalVolumeMounts": [{"name": "certificates", "mountPath": "/etc/rds"}],
        },
        "webClient": {"replicaCount": 2},
        "eventIngestion": {"enabled": True, "autoscaling": {"enabled": True, "minReplicas": 2}},
        "keycloak": {"replicaCount": 2, "database": {"host": "pg2.example.org", "port": 5433}},
        "rasa": {
            "license": {"secretKey": "RASA_PRO_LICENSE_SECRET_KEY"},
            "openaiApiKey": {"secretKey": "OPENAI_API_KEY_SECRET_KEY"},
            "childVariables": ["ACTIONS_URL"],
            "persistence": {"storageClassName": "fast", "size": "20Gi"},
            "networkPolicyEgress": [{"ports": [{"port": 5055}]}],
        },
        "networkPolicy": {
            "nodeCIDR": ["10.0.0.0/16"],
            "metricsFrom": [
                {
                    "namespaceSelector": {
                        "matchLabels": {"kubernetes.io/metadata.name": "monitoring"}
                    }
                }
            ],
            "databaseTo": [{"ipBlock": {"cidr": "10.1.0.0/24"}}],
        },
    },
}


@cache
def tool(name: str) -> str:
    """The path of helm and its like, built once."""
    done = subprocess.run(
        [ROOT / "deploy/scripts/install-kubernetes-tool", name],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return done.stdout.strip()


def over(below: Values, above: Values) -> Values:
    """As Helm puts one values file over another."""
    merged = dict(below)
    for name, value in above.items():
        old = merged.get(name)
        is_inner = isinstance(old, dict) and isinstance(value, dict)
        merged[name] = over(old, value) if is_inner else value  # type: ignore[arg-type]  # just asked
    return merged


def values_file(folder: Path, values: Values) -> Path:
    path = folder / "values.yaml"
    path.write_text(yaml.safe_dump(over(MINIMAL, values)), encoding="utf-8")
    return path


def template(folder: Path, values: Values, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(tool("helm"), "template", "studio", str(CHART), "--namespace", "studio"),
            *("--values", str(values_file(folder, values)), *options),
        ],
        capture_output=True,
        text=True,
        check=False,
    )


def text_of(folder: Path, values: Values, *options: str) -> str:
    done = template(folder, values, *options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def rendered(folder: Path, values: Values) -> list[Manifest]:
    return [each for each in yaml.safe_load_all(text_of(folder, values)) if each]


def refusal(folder: Path, values: Values) -> str:
    done = template(folder, values)
    assert done.returncode != 0, "It was rendered."
    return done.stderr


def one(manifests: list[Manifest], kind: str, name: str) -> Manifest:
    [found] = [
        each for each in manifests if (each["kind"], each["metadata"]["name"]) == (kind, name)
    ]
    return found


def pods(manifests: list[Manifest]) -> Iterator[tuple[str, Manifest]]:
    """Name and spec of each pod that the manifests describe."""
    for each in manifests:
        if each["kind"] in {"Deployment", "StatefulSet", "Job"}:
            yield each["metadata"]["name"], each["spec"]["template"]["spec"]


def containers(spec: Manifest) -> list[Manifest]:
    return [*spec.get("initContainers", []), *spec["containers"]]


def environment(manifests: list[Manifest], pod: str) -> dict[str, Any]:
    """Variables of a pod's own container: texts, or (secret, key)."""
    own = dict(pods(manifests))[pod]["containers"][0]
    found: dict[str, Any] = {}
    for each in own.get("env", []):
        reference = each.get("valueFrom", {}).get("secretKeyRef")
        found[each["name"]] = (reference["name"], reference["key"]) if reference else each["value"]
    return found
