"""Every address of Studio that its documents name is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.running_studio import ROOT, RunningStudio, studio_alone

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "deploy/docs").glob("*.md"))]
# A path of the backend in backticks, or behind its usual address.
ADDRESS = re.compile(r"(?:`|http://127\.0\.0\.1:8000)(/(?:api|auth)/[^\s`);]*|/(?=[\s;)]))")
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStudio]:
    with studio_alone(tmp_path_factory.mktemp("studio")) as running:
        yield running


def named() -> set[str]:
    found = {path for document in DOCUMENTS for path in ADDRESS.findall(document.read_text())}
    return {path for path in found if not set(path) & set("…<{")}


def test_every_address_answers(studio: RunningStudio) -> None:
    assert {"/api/docs/", "/api/health", "/api/v1/audit/"} <= named()
    with studio.api() as api:
        for path in sorted(named()):
            answer = api.get(f"{studio.url}{path}")
            assert answer.is_success, path


def test_the_description_of_the_api_has_its_files_and_no_script_inside(
    studio: RunningStudio,
) -> None:
    page = httpx2.get(f"{studio.url}/api/docs/")
    assert "'unsafe-inline'" not in re.findall(
        r"(?:script|default)-src[^;]*", page.headers["Content-Security-Policy"]
    )
    assert re.findall(r"<script(?![^>]*\bsrc=)", page.text) == []
    files = re.findall(r"(?:src|href)=\"([^\"]+)\"", page.text)
    assert len(files) >= 4
    for path in [*files, "/api/schema/"]:
        assert httpx2.get(f"{studio.url}{path}").status_code == 200, path


def test_every_file_that_documents_link_to_is_there() -> None:
    for document in DOCUMENTS:
        for target in LINK.findall(document.read_text()):
            assert Path(document.parent, target).exists(), (document.name, target)
