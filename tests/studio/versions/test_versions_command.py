"""`manage.py versions`, with a real model service and no server that would watch the training."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from studio.audit.models import Action, Entry
from studio.content.models import Blob, Item
from studio.versions.models import Version
from tests.commands import Ended, ended
from tests.conftest import AsUser
from tests.modelservice.conftest import Service
from tests.studio.conftest import Import
from tests.studio.versions.conftest import FILES


def run(*words: str) -> Ended:
    return ended("versions", *words)


def done(*words: str) -> Any:
    end = run(*words, "--json")
    assert end.code == 0, end
    return end.document


@pytest.fixture(autouse=True)
def quick_rounds(settings: Any) -> None:
    settings.TRAINING_POLLING_INTERVAL_MS = 20


def test_train_show_stop_start_and_download(
    tea: str, service: Service, tmp_path: Path, as_user: AsUser
) -> None:
    as_user("Flow Builder", username="fay")
    trained = run("train", "Tea", "--name", "1.0", "--note", "first", "--as", "fay")
    assert (trained.code, trained.output) == (0, "Tea, version 1: ready\n")
    version = done("show", "Tea")
    assert (version["name"], version["note"], version["status"]) == ("1.0", "first", "ready")
    assert version["created_by"]["name"] == "Fay"
    assert "status: ready" in run("show", "Tea", "1.0").output
    [row] = done("list", "Tea", "--search", "first")
    assert row["id"] == version["id"]
    assert run("list", "Tea").output.splitlines()[1].split()[:3] == ["1", "1.0", "ready"]
    assert done("list", "Tea", "--search", "nothing of it") == []
    assert "progress: 100" in run("log", "Tea", "1").output

    assert done("stop", "Tea")["status"] == "inactive"
    assert run("stop", "Tea").refusal == "This version is not running."
    assert done("activate", "Tea", "1.0")["status"] == "ready"

    model, project = tmp_path / "tea.tar.gz", tmp_path / "tea.zip"
    run("download", "Tea", "--output", str(model), "--as", "fay")
    assert model.read_bytes()[:2] == b"\x1f\x8b"
    assert run("download", "Tea", "1", "--input", "--output", str(project)).code == 0
    assert "data/flows.yml" in zipfile.ZipFile(io.BytesIO(project.read_bytes())).namelist()
    assert [path.name for path in tmp_path.glob("*.part")] == []
    assert Entry.objects.get(action=Action.MODEL_DOWNLOADED).actor == "fay"
    assert "No such file" in run("download", "Tea", "--output", str(tmp_path / "no/x")).refusal


def test_some_flows_of_a_branch_without_waiting(
    tea: str, service: Service, api_client: APIClient
) -> None:
    assert ended("assistants", "branch", "Tea", "work").code == 0
    begun = done("train", "Tea", "--branch", "work", "--flow", "order_tea", "--no-wait")
    assert (begun["status"], begun["flows"]) == ("training", ["order_tea"])
    second = run("train", "Tea")
    assert second.refusal.startswith("Wait for the running training to end")
    assert done("stop", "Tea")["status"] == "stopped"
    assert "“order_nothing”" in run("train", "Tea", "--flow", "order_nothing").refusal
    assert run("activate", "Tea").refusal == "There is no trained version."


def test_a_training_that_fails_says_why(import_project: Import, service: Service) -> None:
    flows = FILES["data/flows.yml"].replace(b"utter_done", b"utter_nothing")
    import_project({**FILES, "data/flows.yml": flows}, name="Broken")
    refused = run("train", "Broken", "--flow", "order_tea")
    assert refused.code == 1
    assert refused.refusal.startswith("These flows have errors: ")
    assert "flow order_tea: " in refused.refusal
    assert Version.objects.count() == 0


def test_one_that_the_trainer_refuses_ends_with_its_reason(tea: str, service: Service) -> None:
    """What validation does not know of."""
    config = "recipe: default.v1\nlanguage: en\nlanguage: de\nassistant_id: tea\n"
    blobs = Item.objects.filter(kind="config").values("blob")
    Blob.objects.filter(pk__in=blobs).update(body=config)
    failed = run("train", "Tea")
    assert failed.code == 1, failed
    [version] = Version.objects.all()
    assert version.status == "failed"
    assert version.error
    assert failed.refusal == version.error["message"]
    assert failed.output == "Tea, version 1: failed\n"
    assert version.error["message"] in run("log", "Tea").output


def test_who_may_what(tea: str, service: Service, as_user: AsUser) -> None:
    as_user("Business User", username="bea")
    as_user("Conversation Viewer", username="cora")
    assert run("train", "Tea").code == 0
    assert run("list", "Tea", "--as", "cora").code == 0
    assert run("activate", "Tea", "--as", "bea").code == 0
    for words in (("train",), ("stop",), ("download",), ("download", "--input")):
        refused = run(words[0], "Tea", *words[1:], "--as", "bea")
        assert "needs one of the roles" in refused.refusal, words
    assert "needs one of the roles" in run("log", "Tea", "--running", "--as", "cora").refusal
    assert run("show", "Coffee").refusal == "There is no assistant “Coffee”."
    assert run("show", "Tea", "9.9").refusal == "There is no version “9.9”."
    assert run("download", "Tea", "9.9").refusal == "There is no trained version “9.9”."


def test_a_service_that_is_away_is_named(tea: str, settings: Any, transactional_db: None) -> None:
    settings.MS_API_URL = "http://127.0.0.1:9"
    refused = run("train", "Tea")
    assert refused.code == 1
    assert "127.0.0.1:9 does not answer" in refused.refusal
    assert Version.objects.count() == 0
