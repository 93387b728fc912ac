"""An S3 server (versitygw), built from locked Go modules."""

import os
import subprocess

from deploy.services.install import ROOT, CannotInstall
from deploy.services.service import Service

ACCESS_KEY = "studio"
SECRET_KEY = "studio-secret"  # noqa: S105  of a throw-away server on loopback
BUCKET = "studio"


class S3(Service):
    name = "s3"

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    @property
    def variables(self) -> dict[str, str]:
        return {
            "RASA_REMOTE_STORAGE": "aws",
            "BUCKET_NAME": BUCKET,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def prepare(self) -> None:
        # A directory of the gateway's folder is a bucket.
        (self.directory / "data" / BUCKET).mkdir(parents=True, exist_ok=True)
        _program()

    def command(self) -> list[str]:
        return [_program(), "--port", self.address, "posix", str(self.directory / "data")]

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "ROOT_ACCESS_KEY": ACCESS_KEY,
            "ROOT_SECRET_KEY": SECRET_KEY,
        }


def _program() -> str:
    script = str(ROOT / "deploy" / "scripts" / "install-s3-server")
    done = subprocess.run([script], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise CannotInstall("The S3 server could not be built; see above.")
    return done.stdout.strip()
