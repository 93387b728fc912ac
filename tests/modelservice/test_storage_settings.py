"""Settings of cloud storage, and its pure parts."""

import hashlib
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelservice.storage import storage_from_environment
from modelservice.storage.bucket import md5_of_parts_checksum
from modelservice.storage.place import without_secrets
from tests.modelservice.storage_servers import ROOT, STORAGE_VARIABLES


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"RASA_REMOTE_STORAGE": "ftp"}, "RASA_REMOTE_STORAGE"),
        ({"RASA_REMOTE_STORAGE": "aws"}, "BUCKET_NAME"),
        ({"RASA_REMOTE_STORAGE": "gcs"}, "BUCKET_NAME"),
        ({"RASA_REMOTE_STORAGE": "azure"}, "AZURE_CONTAINER"),
        ({"RASA_REMOTE_STORAGE": "azure", "AZURE_CONTAINER": "models"}, "AZURE_ACCOUNT_NAME"),
        (
            {"RASA_REMOTE_STORAGE": "aws", "BUCKET_NAME": "m", "AWS_ENDPOINT_URL": "minio:9000"},
            "AWS_ENDPOINT_URL",
        ),
        (
            {
                "RASA_REMOTE_STORAGE": "gcs",
                "BUCKET_NAME": "m",
                "STORAGE_EMULATOR_HOST": "http://h:x",
            },
            "STORAGE_EMULATOR_HOST",
        ),
    ],
)
def test_a_setting_that_is_wrong_or_missing_stops_the_process(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], named: str
) -> None:
    for name in STORAGE_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    assert storage_from_environment() is None
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit, match=named):
        storage_from_environment()


@pytest.mark.parametrize(
    ("variables", "status", "told"),
    [
        ({"RASA_REMOTE_STORAGE": "aws"}, 1, "BUCKET_NAME must be set"),
        ({"RASA_REMOTE_STORAGE": "aws", "BUCKET_NAME": "m", "AWS_ENDPOINT_URL": "h"}, 1, "AWS_END"),
        ({"RASA_REMOTE_STORAGE": "azure"}, 0, ""),  # exports need none of Azure's variables
    ],
)
def test_the_backend_stops_at_its_start_as_well(
    variables: dict[str, str], status: int, told: str
) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if name not in STORAGE_VARIABLES},
        "DJANGO_SETTINGS_MODULE": "studio.settings.test",
        **variables,
    }
    run = [sys.executable, "-c", "import studio.asgi"]
    done = subprocess.run(
        run, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, told in done.stderr) == (status, True), done.stderr
    assert "Traceback" not in done.stderr


WITHOUT = """
import sys
sys.modules[sys.argv[1]] = None  # as if it were not installed
from modelservice.storage import StorageProblem, storage_from_environment
try:
    storage_from_environment().check()
except StorageProblem as problem:
    print(problem)
"""


@pytest.mark.parametrize(
    ("word", "module", "package"),
    [
        ("aws", "boto3", "boto3"),
        ("gcs", "google.cloud.storage", "google-cloud-storage"),
        ("azure", "azure.storage.blob", "azure-storage-blob"),
        ("azure", "azure.core", "azure-storage-blob"),
    ],
)
def test_a_library_that_is_missing_is_named(word: str, module: str, package: str) -> None:
    azure = {"AZURE_CONTAINER": "m", "AZURE_ACCOUNT_NAME": "n", "AZURE_ACCOUNT_KEY": "a2V5"}
    environment = {**os.environ, "RASA_REMOTE_STORAGE": word, "BUCKET_NAME": "m", **azure}

    run = [sys.executable, "-c", WITHOUT, module]
    told = subprocess.run(
        run, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout

    assert f"needs the Python package {package}" in told


def md5(content: bytes) -> bytes:
    return hashlib.md5(content, usedforsecurity=False).digest()


@given(content=st.binary(max_size=300), part=st.integers(1, 100), cut=st.integers(1, 70))
def test_the_checksum_of_parts_does_not_depend_on_how_they_arrive(
    content: bytes, part: int, cut: int
) -> None:
    parts = [content[at : at + part] for at in range(0, len(content), part)] or [b""]
    digests = b"".join(md5(piece) for piece in parts)

    hasher = md5_of_parts_checksum("", part).start()
    for at in range(0, len(content), cut):
        hasher.update(content[at : at + cut])

    assert hasher.hexdigest() == f"{md5(digests).hex()}-{len(parts)}"


def test_an_address_is_shown_without_its_secrets() -> None:
    shown = without_secrets("http://user:pass@s3.example:9000/path?signature=secret")

    assert shown == "http://s3.example:9000/path"
