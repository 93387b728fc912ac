"""A real Kubernetes API on this machine: kube-apiserver over Debian's etcd, and nothing that acts
on what is stored there. No pod runs: what a controller would do is done by the test."""

import json
import os
import secrets
import signal
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from deploy.services.install import debian
from deploy.services.service import answers
from modelservice.service.ports import free_port
from tests.deploy.chart import tool

_HOST = "127.0.0.1"
_START_SECONDS = 60
_ASK_SECONDS = 0.1

Answer = subprocess.CompletedProcess[str]


class Kubernetes:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self._config = folder / "kubeconfig"
        # Helm keeps caches in the home directory of who calls it.
        self.environment = {**os.environ, "KUBECONFIG": str(self._config), "HOME": str(folder)}

    def start(self) -> None:
        etcd, peers, api = free_port(), free_port(), free_port()
        store = f"http://{_HOST}:{etcd}"
        self._run(
            *(debian("etcd-server", "etcd"), "--data-dir", str(self._folder / "etcd")),
            *("--listen-client-urls", store, "--advertise-client-urls", store),
            *("--listen-peer-urls", f"http://{_HOST}:{peers}", "--log-level", "error"),
        )
        key = self._folder / "accounts.pem"
        key.write_bytes(
            rsa.generate_private_key(65537, 2048).private_bytes(
                Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
            )
        )
        token = secrets.token_urlsafe(24)
        people = self._folder / "people.csv"
        people.write_text(f'{token},admin,admin,"system:masters"\n', encoding="ascii")
        certificates = self._folder / "certificates"
        self._config.write_text(_kubeconfig(api, token, certificates), encoding="ascii")
        self._wait(lambda: answers(etcd))
        self._run(
            *(tool("kube-apiserver"), f"--etcd-servers={store}"),
            *(f"--bind-address={_HOST}", f"--secure-port={api}", f"--cert-dir={certificates}"),
            *("--service-cluster-ip-range=10.96.0.0/16", "--authorization-mode=RBAC"),
            *(f"--token-auth-file={people}", "--service-account-issuer=https://studio.test"),
            *(f"--service-account-key-file={key}", f"--service-account-signing-key-file={key}"),
        )
        self._wait(lambda: self.kubectl("get", "--raw", "/readyz").returncode == 0)

    def stop(self) -> None:
        for process in reversed(self._processes):
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _run(self, *command: str) -> None:
        log = (self._folder / f"{Path(command[0]).name}.log").open("wb")
        self._processes.append(subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder))

    def _wait(self, is_there: Any) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not is_there():
            ended = [each for each in self._processes if each.poll() is not None]
            if ended or time.monotonic() > deadline:
                logs = [path.read_text()[-2000:] for path in self._folder.glob("*.log")]
                raise AssertionError("\n".join(logs))
            time.sleep(_ASK_SECONDS)

    def kubectl(self, *arguments: str, given: str = "") -> Answer:
        return self._call(tool("kubectl"), *arguments, given=given)

    def helm(self, *arguments: str) -> Answer:
        return self._call(tool("helm"), *arguments)

    def start_helm(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [tool("helm"), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment,
        )

    def _call(self, *command: str, given: str = "") -> Answer:
        return subprocess.run(
            command,
            input=given,
            capture_output=True,
            text=True,
            env=self.environment,
            check=False,
            timeout=60,
        )

    def found(self, space: str, kinds: str) -> list[dict[str, Any]]:
        answer = self.kubectl("get", "--namespace", space, kinds, "--output", "json")
        assert answer.returncode == 0, answer.stderr
        items: list[dict[str, Any]] = json.loads(answer.stdout)["items"]
        return items

    def make_namespace(self, name: str) -> str:
        """One that enforces PodSecurity `restricted`, with the account that a controller makes."""
        labels = {
            f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn")
        }
        made = [
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}},
            {
                "apiVersion": "v1",
                "kind": "ServiceAccount",
                "metadata": {"name": "default", "namespace": name},
            },
        ]
        answer = self.kubectl("apply", "--filename", "-", given=yaml.safe_dump_all(made))
        assert answer.returncode == 0, answer.stderr
        return name

    def make_secret(self, space: str, name: str, *keys: str) -> None:
        given = {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": name, "namespace": space},
            "stringData": {key: secrets.token_urlsafe(24) for key in keys},
        }
        answer = self.kubectl("apply", "--filename", "-", given=yaml.safe_dump(given))
        assert answer.returncode == 0, answer.stderr

    def end_job(self, space: str, name: str, *, well: bool) -> None:
        """As the controller of Jobs does when the pod has ended."""
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        kinds = ("SuccessCriteriaMet", "Complete") if well else ("FailureTarget", "Failed")
        conditions = [
            {
                "type": kind,
                "status": "True",
                "reason": "Test",
                "message": "",
                "lastProbeTime": now,
                "lastTransitionTime": now,
            }
            for kind in kinds
        ]
        status: dict[str, Any] = {"startTime": now, "conditions": conditions}
        status |= {"succeeded": 1, "completionTime": now} if well else {"failed": 1}
        answer = self.kubectl(
            *("patch", "job", name, "--namespace", space, "--subresource=status", "--type=merge"),
            *("--patch", json.dumps({"status": status})),
        )
        assert answer.returncode == 0, answer.stderr


def _kubeconfig(port: int, token: str, certificates: Path) -> str:
    return yaml.safe_dump(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {
                    "name": "test",
                    "cluster": {
                        "server": f"https://{_HOST}:{port}",
                        # Made by the server at its start, and signed by itself.
                        "certificate-authority": str(certificates / "apiserver.crt"),
                    },
                }
            ],
            "users": [{"name": "test", "user": {"token": token}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
            "current-context": "test",
        }
    )
