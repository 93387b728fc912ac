"""Helm against a real API server: install, upgrade, roll back, uninstall, and what it refuses."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from tests.cluster.kube import Kubernetes
from tests.deploy.chart import CHART, MATRIX, MINIMAL, over

KEYS = (
    *("DATABASE_PASSWORD", "KEYCLOAK_ADMIN_PASSWORD", "KEYCLOAK_API_PASSWORD"),
    *("STUDIO_SECRET_KEY", "MODEL_SERVICE_SECRET"),
)
MIGRATION, SETUP = "studio-database-migration", "studio-keycloak-setup"


class Release:
    def __init__(self, kubernetes: Kubernetes, space: str, folder: Path) -> None:
        self.kubernetes = kubernetes
        self.space = space
        self._folder = folder

    def _arguments(self, action: str, values: dict[str, Any]) -> list[str]:
        path = self._folder / "values.yaml"
        path.write_text(yaml.safe_dump(over(MINIMAL, values)), encoding="utf-8")
        return [action, "studio", str(CHART), "--namespace", self.space, "--values", str(path)]

    def refused(self, action: str, values: dict[str, Any]) -> str:
        done = self.kubernetes.helm(*self._arguments(action, values))
        assert done.returncode != 0, done.stdout
        return done.stderr

    def begin(self, action: str, values: dict[str, Any]) -> subprocess.Popen[str]:
        return self.kubernetes.start_helm(*self._arguments(action, values), "--timeout", "60s")

    def jobs(self) -> list[str]:
        """Those that have not ended."""
        return [
            each["metadata"]["name"]
            for each in self.kubernetes.found(self.space, "jobs")
            if not each["status"].get("conditions")
        ]

    def images(self) -> dict[str, str]:
        return {
            each["metadata"]["name"]: each["spec"]["template"]["spec"]["containers"][0]["image"]
            for each in self.kubernetes.found(self.space, "deployments,statefulsets")
        }

    def end_job(self, name: str, *, well: bool = True) -> None:
        wait_for(lambda: name in self.jobs())
        self.kubernetes.end_job(self.space, name, well=well)

    def run(self, action: str, values: dict[str, Any]) -> str:
        running = self.begin(action, values)
        self.end_job(MIGRATION)
        self.end_job(SETUP)
        return ended(running)


def wait_for(is_there: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not is_there():
        assert time.monotonic() < deadline, "It did not come."
        time.sleep(0.1)


def ended(running: subprocess.Popen[str], code: int = 0) -> str:
    said, complaint = running.communicate(timeout=60)
    assert running.returncode == code, said + complaint
    return said + complaint


def test_from_the_first_release_to_none(kubernetes: Kubernetes, space: str, tmp_path: Path) -> None:
    release = Release(kubernetes, space, tmp_path)
    kubernetes.make_secret(space, "studio-secrets", *KEYS)

    # The database is migrated before anything of the release is there, the realm is set up after.
    running = release.begin("install", {"tag": "1.0.0"})
    wait_for(lambda: release.jobs() == [MIGRATION])
    assert release.images() == {}
    release.end_job(MIGRATION)
    wait_for(lambda: release.jobs() == [SETUP])
    assert release.images()["studio-backend"] == "studio-backend:1.0.0"
    release.end_job(SETUP)
    said = ended(running)
    assert "STATUS: deployed" in said
    assert "https://studio.example.org" in said

    # A migration that fails leaves what runs as it is, and its Job to be looked at.
    running = release.begin("upgrade", {"tag": "1.1.0"})
    release.end_job(MIGRATION, well=False)
    assert "pre-upgrade hooks failed" in ended(running, code=1)
    assert set(release.images().values()) == {
        f"{image.split(':')[0]}:1.0.0" for image in release.images().values()
    }
    [job] = [j for j in kubernetes.found(space, "jobs") if j["metadata"]["name"] == MIGRATION]
    assert job["spec"]["template"]["spec"]["containers"][0]["image"].endswith(":1.1.0")

    release.run("upgrade", {"tag": "1.1.0", "webClient": {"replicaCount": 2}})
    assert release.images()["rasapro"] == "studio-model-service:1.1.0"
    budgets = kubernetes.found(space, "poddisruptionbudgets")
    assert [each["metadata"]["name"] for each in budgets] == ["studio-web-client"]

    # Back to the first release: without a migration, as its code runs on the newer schema.
    done = kubernetes.helm("rollback", "studio", "1", "--namespace", space)
    assert done.returncode == 0, done.stderr
    assert set(release.images().values()) == {
        "studio-backend:1.0.0",
        "studio-web-client:1.0.0",
        "studio-keycloak:1.0.0",
        "studio-model-service:1.0.0",
    }
    assert kubernetes.found(space, "poddisruptionbudgets") == []

    done = kubernetes.helm("uninstall", "studio", "--namespace", space)
    assert done.returncode == 0, done.stderr
    kinds = "deployments,statefulsets,services,ingresses,networkpolicies,poddisruptionbudgets"
    assert kubernetes.found(space, kinds) == []
    # The operator's own, and hooks, which Helm does not count to a release.
    assert [s["metadata"]["name"] for s in kubernetes.found(space, "secrets")] == ["studio-secrets"]
    assert {j["metadata"]["name"] for j in kubernetes.found(space, "jobs")} == {MIGRATION, SETUP}


def test_hooks_with_an_outside_keycloak_both_come_first(
    kubernetes: Kubernetes, space: str, tmp_path: Path
) -> None:
    release = Release(kubernetes, space, tmp_path)
    kubernetes.make_secret(space, "studio-secrets", *KEYS)
    running = release.begin("install", MATRIX["outside keycloak"])
    release.end_job(MIGRATION)
    wait_for(lambda: release.jobs() == [SETUP])
    assert release.images() == {}
    release.end_job(SETUP)
    ended(running)
    assert "studio-keycloak" not in release.images()


def test_a_secret_that_is_missing_is_named_before_anything_is_made(
    kubernetes: Kubernetes, space: str, tmp_path: Path
) -> None:
    release = Release(kubernetes, space, tmp_path)
    said = release.refused("install", {})
    assert "The secret studio-secrets is not there: " in said
    assert "config.existingSecret" in said
    kubernetes.make_secret(space, "studio-secrets", *KEYS[:-1])
    said = release.refused("install", {})
    assert "The secret studio-secrets has no key MODEL_SERVICE_SECRET, which " in said
    assert release.jobs() == []
    kubernetes.make_secret(space, "studio-secrets", *KEYS)
    release.run("install", {})
    said = release.refused("upgrade", {"config": {"redis": {"secretKey": "REDIS_URL"}}})
    assert "has no key REDIS_URL, which REDIS_URL of the backend is read from" in said


def test_values_that_cannot_work_leave_what_runs(
    kubernetes: Kubernetes, space: str, tmp_path: Path
) -> None:
    release = Release(kubernetes, space, tmp_path)
    kubernetes.make_secret(space, "studio-secrets", *KEYS)
    release.run("install", {"tag": "1.0.0"})
    before = release.images()
    for values, named in (
        ({"backend": {"replicaCount": 2}}, "config.redis is not set"),
        ({"config": {"nonsense": 1}}, "Additional property nonsense is not allowed"),
    ):
        assert named in release.refused("upgrade", {"tag": "2.0.0", **values})
    assert release.images() == before


def test_two_installations_in_namespaces_of_their_own(
    kubernetes: Kubernetes, space: str, tmp_path: Path
) -> None:
    for name in (space, kubernetes.make_namespace(f"{space[:40]}-b")):
        kubernetes.make_secret(name, "studio-secrets", *KEYS)
        Release(kubernetes, name, tmp_path).run("install", {})
