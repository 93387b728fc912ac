"""The chart: what it renders, for many values, and what holds of each of them."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.chart import (
    CHART,
    MATRIX,
    Manifest,
    containers,
    environment,
    one,
    over,
    pods,
    rendered,
    text_of,
    tool,
    values_file,
)
from tests.running_studio import ROOT

KEDA = {
    "config": {"kafka": {"brokerAddress": "kafka.example.org:9092"}},
    "eventIngestion": {"enabled": True, "keda": {"enabled": True, "lagThreshold": 10000}},
}
OF_KEYCLOAK = re.compile(r"KC_\w+")


@pytest.fixture(params=MATRIX)
def case(request: pytest.FixtureRequest) -> dict[str, Any]:
    return MATRIX[request.param]


def in_the_table() -> set[str]:
    lines = (ROOT / "deploy/docs/settings.md").read_text(encoding="utf-8").splitlines()
    rows = [line.split(" | ")[0] for line in lines if line.startswith("| `")]
    # `A or B` and `X, Y` are cells of several names.
    return {name for row in rows for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", row)}


def test_helm_finds_nothing_to_mend(tmp_path: Path, case: dict[str, Any]) -> None:
    done = subprocess.run(
        [tool("helm"), "lint", "--strict", CHART, "--values", values_file(tmp_path, case)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "[WARNING]" not in done.stdout


def test_kubernetes_knows_each_field(tmp_path: Path, case: dict[str, Any]) -> None:
    done = subprocess.run(
        [tool("decode-manifests")],
        input=text_of(tmp_path, case),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_field_that_kubernetes_does_not_know_is_found(tmp_path: Path) -> None:
    wrong = text_of(tmp_path, {}).replace("readOnlyRootFilesystem:", "readOnlyRoot:", 1)
    done = subprocess.run(
        [tool("decode-manifests")], input=wrong, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "readOnlyRoot" in done.stderr


def test_no_variable_is_invented(tmp_path: Path, case: dict[str, Any]) -> None:
    used = {
        variable["name"]
        for _, spec in pods(rendered(tmp_path, case))
        for container in containers(spec)
        for variable in container.get("env", [])
    }
    assert sorted(name for name in used - in_the_table() if not OF_KEYCLOAK.fullmatch(name)) == []


def test_no_variable_of_a_template_is_invented() -> None:
    text = (CHART / "templates" / "_variables.tpl").read_text(encoding="utf-8")
    named = set(re.findall(r"^([A-Z][A-Z0-9_]+): ", text, re.MULTILINE))
    assert len(named) > 60
    assert sorted(name for name in named - in_the_table() if not OF_KEYCLOAK.fullmatch(name)) == []


def test_each_pod_is_restricted(tmp_path: Path, case: dict[str, Any]) -> None:
    for name, spec in pods(rendered(tmp_path, case)):
        assert spec["securityContext"]["runAsNonRoot"], name
        assert spec["securityContext"]["runAsUser"] == 1001
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert spec["automountServiceAccountToken"] is False
        assert spec["enableServiceLinks"] is False
        for container in containers(spec):
            security = container["securityContext"]
            assert security["allowPrivilegeEscalation"] is False, container["name"]
            assert security["readOnlyRootFilesystem"] is True
            assert security["capabilities"] == {"drop": ["ALL"]}


def test_no_secret_is_written_down(tmp_path: Path, case: dict[str, Any]) -> None:
    manifests = rendered(tmp_path, case)
    assert [each for each in manifests if each["kind"] == "Secret"] == []
    for name, spec in pods(manifests):
        for container in containers(spec):
            for variable in container.get("env", []):
                if re.search(r"PASS|SECRET|KEY$|LICENSE", variable["name"]):
                    assert "secretKeyRef" in variable.get("valueFrom", {}), (name, variable)


def test_each_selector_finds_the_pods_of_its_own(tmp_path: Path) -> None:
    manifests = rendered(tmp_path, MATRIX["everything"])
    labels = {
        each["metadata"]["name"]: each["spec"]["template"]["metadata"]["labels"]
        for each in manifests
        if "template" in each.get("spec", {})
    }
    for each in manifests:
        spec = each.get("spec", {})
        wanted = {
            "Service": spec.get("selector"),
            "PodDisruptionBudget": spec.get("selector", {}).get("matchLabels"),
            "NetworkPolicy": spec.get("podSelector", {}).get("matchLabels"),
        }.get(each["kind"])
        if wanted is None:
            continue
        found = [name for name, own in labels.items() if wanted.items() <= own.items()]
        if each["metadata"]["name"] == "studio-deny-all":
            assert sorted(found) == sorted(labels)
        else:
            assert len(found) == 1, (each["kind"], each["metadata"]["name"], found)


def test_the_addresses_of_one_host(tmp_path: Path) -> None:
    def paths(values: dict[str, Any]) -> dict[str, str]:
        ingress = one(rendered(tmp_path, values), "Ingress", "studio-studio")
        [rule] = ingress["spec"]["rules"]
        assert rule["host"] == "studio.example.org"
        return {path["path"]: path["backend"]["service"]["name"] for path in rule["http"]["paths"]}

    assert paths({}) == {
        "/": "studio-web-client",
        "/api": "studio-backend",
        "/auth": "studio-keycloak",
        "/talk": "rasapro",
    }
    assert paths(MATRIX["local identity"])["/auth"] == "studio-backend"
    assert "/auth" not in paths(MATRIX["outside keycloak"])


def test_the_issuer_is_where_people_sign_in(tmp_path: Path) -> None:
    for case, reached, issuer in (
        ("minimal", "http://studio-keycloak/auth", "https://studio.example.org/auth"),
        ("outside keycloak", "https://id.example.org/auth", "https://sign-in.example.org"),
        ("local identity", "http://studio-backend/auth", "http://studio.example.org/auth"),
    ):
        manifests = rendered(tmp_path, MATRIX[case])
        models = environment(manifests, "rasapro")
        assert models["KEYCLOAK_URL"] == reached
        assert models["KEYCLOAK_ISSUER"] == f"{issuer}/realms/rasa-studio"
        backend = environment(manifests, "studio-backend")
        assert backend["KEYCLOAK_ISSUER"] == models["KEYCLOAK_ISSUER"]
        # The embedded sign-in refuses to stand beside a Keycloak.
        assert backend.get("KEYCLOAK_URL") == (None if case == "local identity" else reached)


def test_one_secret_for_backend_and_model_service(tmp_path: Path) -> None:
    manifests = rendered(tmp_path, {})
    reference = ("studio-secrets", "MODEL_SERVICE_SECRET")
    assert environment(manifests, "rasapro")["MODEL_SERVICE_SECRET"] == reference
    assert environment(manifests, "studio-backend")["MODEL_SERVICE_SECRET"] == reference


def test_variables_of_the_operator_come_first(tmp_path: Path) -> None:
    mine = {
        "LOG_LEVEL": {"value": "DEBUG"},
        "MODEL_SERVICE_SECRET": {"secret": {"name": "a", "key": "b"}},
        "STUDIO_TOKENS_PER_PERSON": {"value": "5"},
    }
    found = environment(
        rendered(tmp_path, {"backend": {"environmentVariables": mine}}), "studio-backend"
    )
    assert found["LOG_LEVEL"] == "DEBUG"
    assert found["MODEL_SERVICE_SECRET"] == ("a", "b")
    assert found["STUDIO_TOKENS_PER_PERSON"] == "5"


def test_large_numbers_are_written_out(tmp_path: Path) -> None:
    values = {
        "rasa": {"modelInactiveAfterMs": 36000000},
        "backend": {"deleteConversationsOlderThanHours": 87600000},
    }
    manifests = rendered(tmp_path, values)
    assert environment(manifests, "rasapro")["MODEL_INACTIVE_AFTER_MS"] == "36000000"
    backend = environment(manifests, "studio-backend")
    assert backend["DELETE_CONVERSATIONS_OLDER_THAN_HOURS"] == "87600000"


def test_tokens_of_aws_take_the_place_of_the_password(tmp_path: Path) -> None:
    manifests = rendered(tmp_path, MATRIX["iam"])
    for pod in ("studio-backend", "studio-database-migration"):
        found = environment(manifests, pod)
        assert found["IAM_DB_USER"] == "studio_iam"
        assert "DB_PASS" not in found
        # It has the role, also before the release is there.
        assert dict(pods(manifests))[pod]["serviceAccountName"] == "studio-rds"


def test_the_administrator_of_keycloak_is_known_to_the_job_alone(tmp_path: Path) -> None:
    manifests = rendered(tmp_path, MATRIX["outside keycloak"])
    knows = [
        name for name, _ in pods(manifests) if "ADMIN_PASSWORD" in str(environment(manifests, name))
    ]
    assert knows == ["studio-keycloak-setup"]


def test_jobs_are_hooks_in_order(tmp_path: Path) -> None:
    def hooks(case: str) -> list[tuple[str, str, str]]:
        return [
            (
                each["metadata"]["name"],
                each["metadata"]["annotations"]["helm.sh/hook"],
                each["metadata"]["annotations"]["helm.sh/hook-weight"],
            )
            for each in rendered(tmp_path, MATRIX[case])
            if each["kind"] == "Job"
        ]

    migration = ("studio-database-migration", "pre-install,pre-upgrade", "-1")
    assert hooks("minimal") == [
        migration,
        ("studio-keycloak-setup", "post-install,post-upgrade", "0"),
    ]
    assert hooks("outside keycloak") == [
        migration,
        ("studio-keycloak-setup", "pre-install,pre-upgrade", "0"),
    ]
    assert hooks("local identity") == [migration]


def test_budgets_only_where_there_are_several(tmp_path: Path) -> None:
    def budgets(case: str) -> list[str]:
        return sorted(
            each["metadata"]["name"]
            for each in rendered(tmp_path, MATRIX[case])
            if each["kind"] == "PodDisruptionBudget"
        )

    assert budgets("minimal") == []
    assert budgets("several") == ["studio-backend", "studio-keycloak", "studio-web-client"]
    assert "studio-event-ingestion" in budgets("everything")


def test_an_autoscaler_has_the_number_to_itself(tmp_path: Path) -> None:
    manifests = rendered(tmp_path, MATRIX["everything"])
    for name in ("studio-backend", "studio-event-ingestion"):
        assert "replicas" not in one(manifests, "Deployment", name)["spec"]
        scaler = one(manifests, "HorizontalPodAutoscaler", name)["spec"]
        assert (scaler["minReplicas"], scaler["maxReplicas"]) == (2, 100)
        assert scaler["metrics"][0]["resource"]["target"]["averageUtilization"] == 80


def test_ingestion_grows_by_the_lag(tmp_path: Path) -> None:
    manifests = rendered(tmp_path, KEDA)
    assert "replicas" not in one(manifests, "Deployment", "studio-event-ingestion")["spec"]
    spec = one(manifests, "ScaledObject", "studio-event-ingestion")["spec"]
    assert spec["triggers"] == [
        {
            "type": "kafka",
            "metadata": {
                "bootstrapServers": "kafka.example.org:9092",
                "consumerGroup": "studio",
                "topic": "rasa-events",
                "lagThreshold": "10000",
            },
        }
    ]


def test_a_release_changes_nothing_that_cannot_be_changed(tmp_path: Path) -> None:
    """Selectors and claims are immutable: neither the tag nor the chart's version is in them."""
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))

    def fixed(values: dict[str, Any]) -> list[Any]:
        return [
            (
                each["metadata"]["name"],
                each["spec"]["selector"],
                each["spec"].get("volumeClaimTemplates"),
            )
            for each in rendered(tmp_path, values)
            if each["kind"] in {"Deployment", "StatefulSet"}
        ]

    assert fixed({"tag": "9.9.9"}) == fixed({})
    assert chart["version"] not in str(fixed({}))


def test_servers_are_given_time_to_end(tmp_path: Path) -> None:
    server = (ROOT / "modelservice/common/server.py").read_text(encoding="utf-8")
    waits = re.findall(r"^_?(?:DRAIN|LIFESPAN|CANCEL)_SECONDS = ([\d.]+)$", server, re.MULTILINE)
    assert len(waits) == 3
    patience = sum(map(float, waits))
    for name, spec in pods(rendered(tmp_path, MATRIX["everything"])):
        if spec.get("restartPolicy") == "Never":
            continue
        assert spec["terminationGracePeriodSeconds"] > 5 + patience, name
        assert spec["containers"][0]["lifecycle"]["preStop"] == {"sleep": {"seconds": 5}}
    backend = one(rendered(tmp_path, {}), "Deployment", "studio-backend")["spec"]["strategy"]
    assert backend["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}


def test_what_the_model_service_writes_is_on_its_volume(tmp_path: Path) -> None:
    spec = one(rendered(tmp_path, MATRIX["everything"]), "StatefulSet", "rasapro")["spec"]
    [claim] = spec["volumeClaimTemplates"]
    assert claim["spec"]["storageClassName"] == "fast"
    assert claim["spec"]["resources"] == {"requests": {"storage": "20Gi"}}
    mounts = spec["template"]["spec"]["containers"][0]["volumeMounts"]
    assert {"name": "working-data", "mountPath": "/app/working-data"} in mounts
    assert spec["persistentVolumeClaimRetentionPolicy"]["whenDeleted"] == "Retain"


def test_each_value_has_a_place_in_the_schema_and_back() -> None:
    schema = yaml.safe_load((CHART / "values.schema.json").read_text(encoding="utf-8"))
    values = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))

    def missing(shape: Manifest, given: Any, path: str) -> list[str]:
        if shape.get("additionalProperties") is not False or not isinstance(given, dict):
            return []
        found = [f"{path}{name}" for name in shape["properties"].keys() - given.keys()]
        for name, inner in given.items():
            found += missing(shape["properties"][name], inner, f"{path}{name}.")
        return found

    # Helm's own; and what of Keycloak's database may differ.
    free = {
        "global",
        *(f"keycloak.database.{each}" for each in ("host", "port", "username", "password")),
    }
    assert set(missing(schema, values, "")) == free


def test_matrix_values_are_put_over_the_minimal_ones() -> None:
    assert over({"a": {"b": 1, "c": 2}}, {"a": {"b": 3}}) == {"a": {"b": 3, "c": 2}}


@pytest.mark.parametrize(
    "name", ["minimal", "outside keycloak", "local identity", "iam", "everything"]
)
def test_the_programs_take_their_variables(tmp_path: Path, name: str) -> None:
    """Each is started as far as its settings, which refuse what they cannot use."""
    for pod, _ in pods(manifests := rendered(tmp_path, MATRIX[name])):
        if pod in {"studio-web-client", "studio-keycloak"}:
            continue
        given = {
            variable: value if isinstance(value, str) else f"{variable}-of-a-secret"
            for variable, value in environment(manifests, pod).items()
        }
        for folder in ("STUDIO_DATA_DIR", "RASA_MODEL_SERVER_BASE_DIRECTORY"):
            given[folder] = str(tmp_path / folder)
        given["REDIS_URL"] = "redis://redis.example.org" if "REDIS_URL" in given else ""
        module = "modelservice.settings" if pod == "rasapro" else "studio.settings.base"
        done = subprocess.run(
            [sys.executable, "-c", f"import {module}"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **given},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (pod, done.stderr)


def test_the_web_client_is_told_where_people_sign_in(tmp_path: Path) -> None:
    def settings(values: dict[str, Any]) -> Manifest:
        data: Manifest = one(rendered(tmp_path, values), "ConfigMap", "studio-web-client")["data"]
        return data

    own = settings({})
    assert 'window.KEYCLOAK_URL = "/auth";' in own["config.js"]
    assert '$studio_identity { default ""; }' in own["origins.conf"]
    outside = settings(
        over(
            MATRIX["outside keycloak"],
            {"backend": {"imageSources": ["https://a.example.org", "https://b.example.org"]}},
        )
    )
    assert 'window.KEYCLOAK_URL = "https://sign-in.example.org";' in outside["config.js"]
    assert '$studio_identity { default "https://sign-in.example.org"; }' in outside["origins.conf"]
    images = "https://a.example.org https://b.example.org"
    assert f'window.IMAGE_SOURCES = "{images}";' in outside["config.js"]
    assert f'$studio_images {{ default "{images}"; }}' in outside["origins.conf"]


def test_other_settings_of_the_web_client_need_other_pods(tmp_path: Path) -> None:
    def annotations(values: dict[str, Any]) -> Manifest:
        deployment = one(rendered(tmp_path, values), "Deployment", "studio-web-client")
        found: Manifest = deployment["spec"]["template"]["metadata"]["annotations"]
        return found

    assert annotations({}) == annotations({"backend": {"replicaCount": 0}})
    assert annotations({}) != annotations({"config": {"keycloak": {"realm": "another"}}})


def test_assistants_write_events_where_the_backend_tells_them(tmp_path: Path) -> None:
    """By files the ingestion reads the same volume; else they are written for nobody."""
    for name, volume in (
        ("minimal", {"emptyDir": {}}),
        ("events by files", {"persistentVolumeClaim": {"claimName": "studio-events"}}),
    ):
        manifests = rendered(tmp_path, MATRIX[name])
        place = f"{environment(manifests, 'studio-backend')['STUDIO_DATA_DIR']}/events"
        assert environment(manifests, "rasapro")["MODEL_SERVICE_EVENT_DIRECTORIES"] == place
        mount = {"name": "events", "mountPath": place}
        specs = dict(pods(manifests))
        for pod in ("rasapro", "studio-event-ingestion", "studio-backend"):
            if pod == "rasapro" or name != "minimal":
                assert mount in specs[pod]["containers"][0]["volumeMounts"], pod
                assert {"name": "events", **volume} in specs[pod]["volumes"]
