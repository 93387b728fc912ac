"""What tests of the backend share."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from tests.project.example import FILES, zip_of

Import = Callable[..., dict[str, Any]]


@pytest.fixture
def import_project(api_client: APIClient) -> Import:
    """`import_project(files, name=…)` imports over HTTP and returns the answer of 201."""

    def run(files: Mapping[str, bytes] = FILES, name: str = "Bank") -> dict[str, Any]:
        upload = SimpleUploadedFile("bank.zip", zip_of(files), "application/zip")
        answer = api_client.post(
            "/api/v1/assistants/import/", {"file": upload, "name": name}, format="multipart"
        )
        assert answer.status_code == 201, answer.json()
        return dict(answer.json())

    return run


@pytest.fixture
def assistant(import_project: Import) -> dict[str, Any]:
    """The example project, imported."""
    return dict(import_project()["assistant"])


@pytest.fixture
def base(assistant: dict[str, Any]) -> str:
    """Address of the example assistant."""
    return f"/api/v1/assistants/{assistant['id']}/"
