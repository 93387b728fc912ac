"""The project that `rasa init` of Rasa Open Source makes: real NLU data, and no flows."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from modelservice.project.project_reader import read_files
from tests.modelservice.conftest import Realm, Service
from tests.studio.conftest import Import
from tests.studio.versions.conftest import watch_until_still

ROOT = Path(__file__).resolve().parents[3]
FOLDER = "rasa/cli/initial_project/"


@pytest.fixture(scope="module")
def project() -> dict[str, bytes]:
    """Its files, out of the package as it is published; fetched once, checked by hash."""
    cache = ROOT / ".cache"
    if not list(cache.glob("rasa-*.whl")):
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes",
             "--python-version", "3.10", "--only-binary=:all:", "--dest", str(cache),
             "--requirement", str(ROOT / "deploy/requirements/test-inputs.txt")],
            check=True,
        )  # fmt: skip
    [wheel] = cache.glob("rasa-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return {
            name.removeprefix(FOLDER): archive.read(name)
            for name in archive.namelist()
            if name.startswith(FOLDER) and not name.endswith("/")
        }


def test_comes_in_and_goes_out_as_it_was(
    project: dict[str, bytes], import_project: Import, api_client: APIClient
) -> None:
    imported = import_project(project)
    report = imported["report"]
    assert (report["flows"], report["intents"], report["nlu"]) == (0, 7, 7)
    assert (report["stories"], report["rules"]) == (3, 2)
    # Rasa itself uses them where there are no flows, so nothing is wrong with it.
    assert (report["unused"], report["warnings"]) == ([], [])
    answer = api_client.get(f"/api/v1/assistants/{imported['assistant']['id']}/export/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        exported = {name: archive.read(name) for name in archive.namelist()}
    assert exported == project
    assert {item.identity: item.body for item in read_files(exported).items} == {
        item.identity: item.body for item in read_files(project).items
    }


@pytest.mark.django_db(transaction=True)
def test_training_it_without_rasa_says_what_it_lacks(
    project: dict[str, bytes],
    import_project: Import,
    api_client: APIClient,
    settings: Any,
    tmp_path: Path,
) -> None:
    realm = Realm()
    # This machine may have Rasa Open Source.
    service = Service(tmp_path / "models", realm, MODEL_SERVICE_RASA_OPEN_SOURCE="none")
    settings.MS_API_URL, settings.EVENTS_DIR = service.url, tmp_path / "events"
    try:
        base = f"/api/v1/assistants/{import_project(project)['assistant']['id']}/versions/"
        version = api_client.post(base, {"flows": None}, format="json").json()
        watch_until_still()
        failed = api_client.get(f"{base}{version['id']}/").json()
    finally:
        service.stop()
        realm.server.shutdown()
    assert failed["status"] == "failed"
    assert "make rasa-oss" in failed["error"]["message"]
