"""What the chart renders, taken by a real API server under PodSecurity `restricted`."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cluster.kube import Answer, Kubernetes
from tests.deploy.chart import MATRIX, Manifest, over, pods, rendered


def apply(kubernetes: Kubernetes, space: str, manifests: list[Manifest], *options: str) -> Answer:
    return kubernetes.kubectl(
        *("apply", "--server-side", "--field-manager=studio", "--namespace", space),
        *("--filename", "-", *options),
        given=yaml.safe_dump_all(manifests),
    )


def pod(name: str, spec: dict[str, Any]) -> Manifest:
    """A bare pod of a template: security is enforced of pods, of templates it is only told."""
    claim = {"name": "working-data", "emptyDir": {}}
    volumes = [*spec["volumes"], *([claim] if name == "rasapro" else [])]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name},
        "spec": {**spec, "volumes": volumes},
    }


@pytest.mark.parametrize("case", MATRIX)
def test_it_is_taken(kubernetes: Kubernetes, space: str, tmp_path: Path, case: str) -> None:
    manifests = rendered(tmp_path, MATRIX[case])
    answer = apply(kubernetes, space, manifests)
    assert answer.returncode == 0, answer.stderr
    # Also no warning: that a template violates PodSecurity would be one.
    assert answer.stderr == ""
    if case == "iam":  # its account is the operator's
        account = {"kind": "ServiceAccount", "apiVersion": "v1", "metadata": {"name": "studio-rds"}}
        assert apply(kubernetes, space, [account]).returncode == 0
    for name, spec in pods(manifests):
        answer = apply(kubernetes, space, [pod(name, spec)], "--dry-run=server")
        assert answer.returncode == 0, answer.stderr
        assert answer.stderr == ""


def test_a_pod_with_more_rights_is_refused(
    kubernetes: Kubernetes, space: str, tmp_path: Path
) -> None:
    manifests = rendered(tmp_path, {})
    assert apply(kubernetes, space, manifests).returncode == 0
    spec = dict(pods(manifests))["studio-backend"]
    del spec["securityContext"]["runAsNonRoot"]
    answer = apply(kubernetes, space, [pod("backend", spec)], "--dry-run=server")
    assert answer.returncode != 0
    assert 'violates PodSecurity "restricted' in answer.stderr


@pytest.mark.parametrize("case", ["minimal", "several", "everything"])
def test_the_next_release_is_taken_over_this_one(
    kubernetes: Kubernetes, space: str, tmp_path: Path, case: str
) -> None:
    def release(tag: str) -> list[Manifest]:
        # Jobs are Helm's hooks: each release has its own.
        manifests = rendered(tmp_path, over(MATRIX[case], {"tag": tag}))
        return [each for each in manifests if each["kind"] != "Job"]

    for tag in ("1.0.0", "1.1.0", "1.0.0"):
        answer = apply(kubernetes, space, release(tag))
        assert answer.returncode == 0, answer.stderr
    [backend] = [
        each
        for each in kubernetes.found(space, "deployments")
        if each["metadata"]["name"] == "studio-backend"
    ]
    assert backend["spec"]["template"]["spec"]["containers"][0]["image"].endswith(":1.0.0")


def test_values_may_change_later(kubernetes: Kubernetes, space: str, tmp_path: Path) -> None:
    """All but where the models are."""
    volume = {"rasa": {"persistence": {"storageClassName": "", "size": "10Gi"}}}
    for case in ("minimal", "everything", "outside keycloak", "minimal"):
        manifests = rendered(tmp_path, over(MATRIX[case], volume))
        wanted = [each for each in manifests if each["kind"] != "Job"]
        answer = apply(kubernetes, space, wanted)
        assert answer.returncode == 0, answer.stderr


def test_a_volume_cannot_be_made_larger_by_an_upgrade(
    kubernetes: Kubernetes, space: str, tmp_path: Path
) -> None:
    """As the manual says; nothing else of the release is refused with it."""
    assert apply(kubernetes, space, rendered(tmp_path, {})).returncode == 0
    larger = rendered(tmp_path, {"rasa": {"persistence": {"size": "20Gi"}}})
    answer = apply(kubernetes, space, [each for each in larger if each["kind"] == "StatefulSet"])
    assert "updates to statefulset spec for fields other than" in answer.stderr
