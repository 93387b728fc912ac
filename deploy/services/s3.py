"""An S3 server (versitygw), built from locked Go modules."""

import os
import subprocess
from pathlib import Path

from deploy.services.install import ROOT, CannotInstall
from deploy.services.service import Service

ACCESS_KEY = "studio"
SECRET_KEY = "studio-secret"  # noqa: S105  of a throw-away server on loopback
BUCKET = "studio"
REGION = "us-east-1"


class S3(Service):
    name = "s3"

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    @property
    def variables(self) -> dict[str, str]:
        return client_variables(self.url, BUCKET)

    def prepare(self) -> None:
        # A directory of the gateway's folder is a bucket.
        (self.directory / "data" / BUCKET).mkdir(parents=True, exist_ok=True)
        _program()

    def command(self) -> list[str]:
        return server_command(self.address, self.directory / "data")

    def environment(self) -> dict[str, str]:
        return server_environment()


def server_command(address: str, data: Path) -> list[str]:
    """An S3 server whose buckets are the directories of `data`."""
    return [_program(), "--port", address, "--quiet", "posix", str(data)]


def server_environment() -> dict[str, str]:
    return {**os.environ, "ROOT_ACCESS_KEY": ACCESS_KEY, "ROOT_SECRET_KEY": SECRET_KEY}


def client_variables(url: str, bucket: str) -> dict[str, str]:
    """How programs are told of a bucket of it."""
    return {
        "RASA_REMOTE_STORAGE": "aws",
        "BUCKET_NAME": bucket,
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_DEFAULT_REGION": REGION,
    }


def _program() -> str:
    script = str(ROOT / "deploy" / "scripts" / "install-s3-server")
    done = subprocess.run([script], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise CannotInstall("The S3 server could not be built; see above.")
    return done.stdout.strip()
